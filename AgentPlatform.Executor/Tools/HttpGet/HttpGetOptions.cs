using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>Settings of the tool <c>http_get</c>.</summary>
internal sealed class HttpGetOptions
{
    public const string Section = "Tools:HttpGet";

    /// <summary>
    /// Hosts that may be reached although their address is not public, as <c>host:port</c>, or <c>host</c> for the
    /// scheme's usual port. Exactly these names: an address that a name stands for is not allowed with it.
    /// </summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Bytes read of one body; the rest is left and said to be.</summary>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int MaxBytes { get; init; } = 512 * 1_024;
}
