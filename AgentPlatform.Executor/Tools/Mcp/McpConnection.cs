using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>One session with a server, and the child process it runs in, if it does. A lost one is never mended: a new one takes its place.</summary>
internal sealed class McpConnection(McpClient client, McpChild? child) : IAsyncDisposable
{
    /// <summary>More would not fit into what models are given, and a list need not end.</summary>
    private const int MaxTools = 256;

    private const int MaxPages = 64;

    /// <summary>Completes when the session is over; an HTTP server that dies may leave it open until it is next asked.</summary>
    public Task Lost => client.Completion;

    /// <summary>Of the child.</summary>
    public int? ProcessId => child?.Id;

    public async Task<IReadOnlyList<Tool>> ListAsync(CancellationToken cancellationToken)
    {
        var tools = new List<Tool>();
        if (client.ServerCapabilities.Tools is null)
        {
            return tools;
        }

        string? cursor = null;
        for (var page = 0; page < MaxPages && tools.Count < MaxTools; page++)
        {
            var result = await client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, cancellationToken);
            tools.AddRange(result.Tools.Take(MaxTools - tools.Count));
            if ((cursor = result.NextCursor) is null)
            {
                break;
            }
        }

        return tools;
    }

    public ValueTask<CallToolResult> CallAsync(CallToolRequestParams call, CancellationToken cancellationToken) =>
        client.CallToolAsync(call, cancellationToken);

    /// <summary>Parameters that a server wants as headers are sent so for the tools named here.</summary>
    public void Offer(IEnumerable<Tool> tools)
    {
        client.ClearKnownTools();
        client.AddKnownTools(tools);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        if (child is not null)
        {
            await child.DisposeAsync();
        }
    }
}
