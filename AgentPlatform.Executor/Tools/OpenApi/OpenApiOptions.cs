using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Settings of the tools that come from OpenAPI documents.</summary>
internal sealed class OpenApiOptions
{
    public const string Section = "Tools:OpenApi";

    /// <summary>Hosts of servers and documents that may be reached although their address is not public, see <see cref="Outgoing.OutgoingHosts"/>.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Bytes of one document.</summary>
    [Range(1_024, 64 * 1_024 * 1_024)]
    public int MaxDocumentBytes { get; init; } = 8 * 1_024 * 1_024;

    /// <summary>How often a document with a URL is looked at again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Total time of fetching one, redirects included.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan FetchDeadline { get; init; } = TimeSpan.FromSeconds(10);
}
