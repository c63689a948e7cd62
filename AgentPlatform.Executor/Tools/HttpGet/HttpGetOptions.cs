using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>Settings of the tool <c>http_get</c>.</summary>
internal sealed class HttpGetOptions
{
    public const string Section = "Tools:HttpGet";

    /// <summary>Hosts that may be reached although their address is not public, see <see cref="Outgoing.OutgoingHosts"/>.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Bytes read of one body; the rest is left and said to be.</summary>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int MaxBytes { get; init; } = 512 * 1_024;
}
