using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.ServiceDefaults.Resilience;
using ModelContextProtocol.Protocol;
using Polly;
using Polly.CircuitBreaker;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// Calls one server's tools:
/// 1. leave it alone while it keeps failing, else wait for a place among its calls, and a moment for a session that is just being opened again;
/// 2. send the call, for an <c>idempotent</c> tool with its key and whose call it is; progress is not asked for, so nothing moves the deadline;
/// 3. at the deadline, or when the caller gives up, tell the server so (<c>notifications/cancelled</c>);
/// 4. say what became of it as exactly as can be known, and after trouble have the server looked at.
/// </summary>
internal sealed partial class McpCaller(McpServer server, Bulkhead places, Circuits circuits, TimeProvider time, ILogger<McpCaller> logger) : IDisposable
{
    /// <summary>A call ends itself and tells what it knows; the invoker's own deadline, which knows nothing, stands behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly McpServerDefinition _definition = server.Definition;

    public AgentTool Tool(McpListedTool listed) =>
        new(new McpTool(listed, this), listed.Effect, _definition.Deadline + Grace, _definition.MaxResultLength, Untrusted: true);

    /// <exception cref="ToolException">It failed; the kind tells whether it may have taken effect.</exception>
    public async Task<string> CallAsync(
        McpListedTool tool, IDictionary<string, JsonElement> arguments, ToolCallContext call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_definition.Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        McpEnding ending;
        try
        {
            ending = await circuits.Of(Hops.Tool, $"mcp:{_definition.Name}", ServerFailed)
                .ExecuteAsync(token => new ValueTask<McpEnding>(AttemptAsync(tool, arguments, call, cancellationToken, token)), both.Token);
        }
        catch (BrokenCircuitException)
        {
            ending = NotSent(tool, "its server does not answer at the moment");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ending = NotSent(tool, "there was no time left");
        }

        if (ending.Error is not { } error)
        {
            return ending.Text;
        }

        LogFailed(tool.Name, error, call.RunId, call.CallId);
        throw new ToolException(ending.Text, error);
    }

    public void Dispose() => places.Dispose();

    private async Task<McpEnding> AttemptAsync(
        McpListedTool tool, IDictionary<string, JsonElement> arguments, ToolCallContext call, CancellationToken caller, CancellationToken cancellationToken)
    {
        using var place = await places.EnterAsync(cancellationToken);
        if (place is null)
        {
            return NotSent(tool, "too many calls wait for its server");
        }

        McpConnection session;
        try
        {
            session = await server.SessionAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            return NotSent(tool, "its server is not there at the moment") with { ServerFailed = true };
        }

        try
        {
            var request = new CallToolRequestParams { Name = tool.Remote.Name, Arguments = arguments, Meta = Meta(tool, call) };
            return Read(tool, await session.CallAsync(request, cancellationToken));
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            server.Look();
            return OutOfTime(tool);
        }
#pragma warning disable CA1031 // A session that breaks does so in as many types as there are transports; each ends as a sentence.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogBroken(exception, tool.Name, call.RunId, call.CallId);
            var ending = McpFailures.Of(exception, tool, session.Lost.IsCompleted);
            if (ending.ServerFailed)
            {
                server.Look();
            }

            return ending;
        }
    }

    /// <summary>A tool that says itself what went wrong has answered: the model may try again, otherwise.</summary>
    private static McpEnding Read(McpListedTool tool, CallToolResult result)
    {
        var text = McpResultText.Of(result);
        return result.IsError is true
            ? new McpEnding($"'{tool.Name}' says that it failed:\n{text}", ToolErrorKind.Failed)
            : new McpEnding(text);
    }

    /// <summary>Only for those who honour a key: to the others it would tell whose call it is for nothing.</summary>
    private static JsonObject? Meta(McpListedTool tool, ToolCallContext call) => tool.Effect is not ToolEffect.Idempotent ? null : new JsonObject
    {
        ["agentplatform/idempotency_key"] = call.IdempotencyKey,
        ["agentplatform/run_id"] = call.RunId.ToString(),
        ["agentplatform/call_id"] = call.CallId,
        ["agentplatform/tenant"] = call.TenantId,
        ["agentplatform/agent"] = call.Agent,
        ["agentplatform/session_id"] = call.SessionId,
    };

    private static McpEnding NotSent(McpListedTool tool, string cause) =>
        new($"'{tool.Name}' was not called: {cause}. Nothing was sent. Go on without it, or try again later.", ToolErrorKind.Failed);

    private McpEnding OutOfTime(McpListedTool tool) => new(
        FormattableString.Invariant(
            $"'{tool.Name}' did not finish within {_definition.DeadlineSeconds:0.###} seconds and was given up.{McpFailures.Doubt(tool)}"),
        tool.Effect is ToolEffect.Write ? ToolErrorKind.OutcomeUnknown : ToolErrorKind.Timeout,
        ServerFailed: true);

    private static bool ServerFailed(Outcome<object> outcome) => outcome.Result is McpEnding { ServerFailed: true };

    [LoggerMessage(Level = LogLevel.Warning, Message = "MCP tool {Tool} failed ({Kind}) in run {RunId}, call {CallId}")]
    private partial void LogFailed(string tool, ToolErrorKind kind, Guid runId, string callId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The call of MCP tool {Tool} broke off in run {RunId}, call {CallId}")]
    private partial void LogBroken(Exception exception, string tool, Guid runId, string callId);
}
