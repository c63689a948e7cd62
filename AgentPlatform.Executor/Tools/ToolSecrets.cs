using System.Text;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// Credentials by name: <c>Tools:Secrets:&lt;name&gt;</c>. Agent files, and what is stored of agents, hold the names only. A value is
/// looked up when it is used, so that a changed one counts at once.
/// </summary>
internal sealed class ToolSecrets(IConfiguration configuration)
{
    public const string Section = "Tools:Secrets";

    /// <summary>Null when there is none, or one that no header can hold.</summary>
    public string? Find(string name) =>
        configuration[$"{Section}:{name}"] is { } value && !string.IsNullOrWhiteSpace(value) && Ascii.IsValid(value) && !value.Any(char.IsControl)
            ? value
            : null;
}
