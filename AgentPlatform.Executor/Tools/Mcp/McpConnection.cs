using System.Globalization;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>One session with a server, and the child process it runs in, if it does. A lost one is never mended: a new one takes its place.</summary>
internal sealed class McpConnection(McpClient client, McpChild? child) : IAsyncDisposable
{
    /// <summary>More would not fit into what models are given, and a list need not end.</summary>
    private const int MaxTools = 256;

    private const int MaxPages = 64;

    /// <summary>For the word that a call is given up; a server that does not take it by then does not want it.</summary>
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(5);

    private int _calls;

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

    /// <summary>
    /// The server's answer. One that is not waited for any more is cancelled at the server too, here and not by the client's own
    /// token: that may take its wish back before it was sent.
    /// </summary>
    public async Task<CallToolResult> CallAsync(CallToolRequestParams call, CancellationToken cancellationToken)
    {
        var id = new RequestId(string.Create(CultureInfo.InvariantCulture, $"call-{Interlocked.Increment(ref _calls)}"));
        var given = new CancellationTokenSource();
        var answer = client.SendRequestAsync<CallToolRequestParams, CallToolResult>(RequestMethods.ToolsCall, call, requestId: id, cancellationToken: given.Token).AsTask();
        try
        {
            return await answer.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = GiveUpAsync(id, answer, given);
            throw;
        }
    }

    /// <summary>Parameters that a server wants as headers are sent so for the tools named here.</summary>
    public void Offer(IEnumerable<Tool> tools)
    {
        client.ClearKnownTools();
        client.AddKnownTools(tools);
    }

    private async Task GiveUpAsync(RequestId id, Task answer, CancellationTokenSource given)
    {
        using (given)
        {
            try
            {
                using var limit = new CancellationTokenSource(TellWithin);
                var word = JsonSerializer.SerializeToNode(new CancelledNotificationParams { RequestId = id }, McpJsonUtilities.DefaultOptions);
                await client.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = word }, limit.Token);
            }
#pragma warning disable CA1031 // Whatever stands in the way of the word: the call is given up all the same, and nobody waits here.
            catch (Exception)
#pragma warning restore CA1031
            {
                // The session is at its end, most likely.
            }

            await given.CancelAsync();
            await answer.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
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
