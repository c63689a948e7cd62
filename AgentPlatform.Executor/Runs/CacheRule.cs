using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Whether an answer may be given again: complete, by the agent's own model, and of effects that give the same when
/// repeated. Decided where the effects are known.
/// </summary>
internal static class CacheRule
{
    /// <param name="isShort">The agent had to do without a tool it lists.</param>
    public static CacheDecision Decide(RunState state, AgentCachePolicy policy, bool isShort = false) => state.Ending switch
    {
        RunCompleted { SourceRunId: { } source } => new CacheDecision { Decision = "hit", SourceRunId = source },
        RunCompleted completed => Decide(completed, state, policy, isShort),
        _ => No("no_answer"),
    };

    private static CacheDecision Decide(RunCompleted completed, RunState state, AgentCachePolicy policy, bool isShort)
    {
        if (!policy.Enabled)
        {
            return No("disabled");
        }

        if (completed.HandedOver is not null)
        {
            return No("handed_over");
        }

        if (completed.Limit is not null || state.Replies.Any(reply => reply.FallbackModel is not null))
        {
            return No("degraded");
        }

        if (state.LastReply?.FinishReason is "length" or "content_filter")
        {
            return No("truncated");
        }

        if (state.Calls.Any(call => !IsCacheable(call.Effect, policy)))
        {
            return No("effects");
        }

        // An answer that had to do without a tool is not the answer of tomorrow.
        return isShort || state.Calls.Any(HadToDoWithout)
            ? No("tool_error")
            : new CacheDecision { Storable = true, Decision = "stored" };
    }

    /// <summary>The call gave nothing, and another time it may: not so when the model called it wrongly, or it is not allowed at all.</summary>
    public static bool HadToDoWithout(CallState call) => call.Result?.Error is not
        (null or ToolErrorKind.UnknownTool or ToolErrorKind.InvalidArguments or ToolErrorKind.Refused);

    /// <summary>A call that never started had no effect.</summary>
    private static bool IsCacheable(ToolEffect? effect, AgentCachePolicy policy) => effect switch
    {
        null or ToolEffect.Pure => true,
        ToolEffect.Read => policy.AllowRead,
        _ => false,
    };

    private static CacheDecision No(string decision) => new() { Decision = decision };
}
