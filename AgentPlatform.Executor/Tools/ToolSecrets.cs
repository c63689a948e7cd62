using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// Credentials by name: <c>Tools:Secrets:&lt;name&gt;</c>. Agent files, and what is stored of agents, hold the names only, alone or as <c>{secret:NAME}</c>
/// in a text. A value is looked up when it is used, so that a changed one counts at once.
/// </summary>
internal sealed partial class ToolSecrets(IConfiguration configuration)
{
    public const string Section = "Tools:Secrets";

    public bool Has(string name) => !string.IsNullOrEmpty(configuration[$"{Section}:{name}"]);

    /// <summary>Null when there is none, or one that no header can hold.</summary>
    public string? Find(string name) =>
        configuration[$"{Section}:{name}"] is { } value && !string.IsNullOrWhiteSpace(value) && Ascii.IsValid(value) && !value.Any(char.IsControl)
            ? value
            : null;

    /// <summary>Names in a text that no secret has.</summary>
    public IEnumerable<string> Missing(string text) => Place().Matches(text).Select(place => place.Groups[1].Value).Where(name => !Has(name));

    public string Fill(string text) => Place().Replace(text, place => configuration[$"{Section}:{place.Groups[1].Value}"] ?? "");

    [GeneratedRegex(@"\{secret:([A-Za-z0-9_.-]{1,100})\}")]
    private static partial Regex Place();
}
