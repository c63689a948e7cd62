using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>The HTTP tools of the configuration.</summary>
internal sealed class HttpToolSet(IOptions<HttpToolsOptions> options, HttpToolClient client)
{
    private const int RoomForMark = 100;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public IReadOnlyList<AgentTool> All { get; } = [.. options.Value.Tools.Select(tool => AgentTool(new HttpTool(tool, client), tool.Endpoint))];

    /// <summary>
    /// A call ends itself and tells what it knows; the invoker's own deadline, which knows nothing, stands behind. Likewise
    /// what a cut result says about itself is not to be cut in turn.
    /// </summary>
    public static AgentTool AgentTool(AIFunction function, HttpEndpoint endpoint) =>
        new(function, endpoint.Effect, endpoint.Deadline + Grace, endpoint.MaxResultLength + RoomForMark, endpoint.Untrusted);
}
