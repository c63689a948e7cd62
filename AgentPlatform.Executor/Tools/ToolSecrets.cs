using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Tools;

/// <summary>Secrets that tools' settings name: <c>{secret:NAME}</c> stands for <c>Tools:Secrets:NAME</c>, which only the configuration holds.</summary>
internal sealed partial class ToolSecrets(IConfiguration configuration)
{
    public const string Section = "Tools:Secrets";

    public bool Has(string name) => !string.IsNullOrEmpty(configuration[$"{Section}:{name}"]);

    /// <summary>Names in a text that no secret has.</summary>
    public IEnumerable<string> Missing(string text) => Place().Matches(text).Select(place => place.Groups[1].Value).Where(name => !Has(name));

    public string Fill(string text) => Place().Replace(text, place => configuration[$"{Section}:{place.Groups[1].Value}"] ?? "");

    [GeneratedRegex(@"\{secret:([A-Za-z0-9_.-]{1,100})\}")]
    private static partial Regex Place();
}
