using System.Diagnostics;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// The spans of our own, by the OpenTelemetry conventions for generative AI, pinned at 1.41: <c>invoke_agent {agent}</c> around a run,
/// <c>execute_tool {tool}</c> around a call; <c>chat {model}</c> comes from the chat client's own instrumentation. Usage attributes
/// belong on that leaf only, else a backend counts every token twice. Without a listener each start returns null and costs nothing.
/// </summary>
public static class AgentActivity
{
    public const string SourceName = "AgentPlatform";

    /// <summary>The chat client's source and meter (Microsoft.Extensions.AI <c>UseOpenTelemetry</c>).</summary>
    public const string ChatSourceName = "Experimental.Microsoft.Extensions.AI";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string AgentName = "gen_ai.agent.name";
    public const string AgentVersion = "gen_ai.agent.version";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string RequestModel = "gen_ai.request.model";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolType = "gen_ai.tool.type";
    public const string ToolCallId = "gen_ai.tool.call.id";
    public const string ErrorType = "error.type";

    /// <summary>Ours, not of the conventions: leads from a span to <c>GET /runs/{id}</c>.</summary>
    public const string RunId = "agentplatform.run.id";

    public const string InvokeAgent = "invoke_agent";
    public const string ExecuteTool = "execute_tool";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span of one run, or of one resumption of it. <paramref name="parent"/>: the context of the request that asked, when it is not the current one.</summary>
    public static Activity? StartInvokeAgent(
        string agent, string? runId = null, string? conversationId = null, string? provider = null, string? model = null, ActivityContext parent = default)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        return Source.StartActivity($"{InvokeAgent} {agent}", ActivityKind.Internal, parent)?
            .SetTag(OperationName, InvokeAgent)
            .SetTag(AgentName, agent)
            .SetTag(RunId, runId)
            .SetTag(ConversationId, conversationId)
            .SetTag(ProviderName, provider)
            .SetTag(RequestModel, model);
    }

    /// <summary>The span of one tool call.</summary>
    public static Activity? StartExecuteTool(string tool, string callId, string toolType = "function")
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        return Source.StartActivity($"{ExecuteTool} {tool}", ActivityKind.Internal)?
            .SetTag(OperationName, ExecuteTool)
            .SetTag(ToolName, tool)
            .SetTag(ToolType, toolType)
            .SetTag(ToolCallId, callId);
    }

    /// <summary>Any other span of ours, for example an append or a flight.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Marks a span failed. <paramref name="errorType"/>: a word of few values (<c>timeout</c>, <c>model_error</c>), never an exception's text.</summary>
    public static void Failed(this Activity? activity, string errorType) =>
        activity?.SetTag(ErrorType, errorType).SetStatus(ActivityStatusCode.Error);
}
