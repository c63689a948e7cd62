using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>Gives each server its caller, with a bulkhead and a circuit of its own.</summary>
internal sealed class McpCallerFactory(Circuits circuits, AgentMetrics metrics, TimeProvider time, ILogger<McpCaller> logger)
{
    /// <summary>A call that found no place by then is told to come later.</summary>
    private static readonly TimeSpan WaitForPlace = TimeSpan.FromSeconds(5);

    public McpCaller For(McpServer server) =>
        new(server, new Bulkhead(Hops.Tool, server.Definition.MaxConcurrent, WaitForPlace, metrics, time), circuits, time, logger);
}
