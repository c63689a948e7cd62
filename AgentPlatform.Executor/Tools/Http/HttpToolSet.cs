using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>The HTTP tools of the configuration.</summary>
internal sealed class HttpToolSet(IOptions<HttpToolsOptions> options, HttpToolClient client)
{
    /// <summary>What a cut result says about itself is not to be cut in turn.</summary>
    private const int RoomForMark = 100;

    /// <summary>A call ends itself and tells what it knows; the invoker's own deadline, which knows nothing, stands behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public IReadOnlyList<AgentTool> All { get; } = [.. options.Value.Tools.Select(tool => new AgentTool(
        new HttpTool(tool, client), tool.Effect, tool.Deadline + Grace, tool.MaxResultLength + RoomForMark))];
}
