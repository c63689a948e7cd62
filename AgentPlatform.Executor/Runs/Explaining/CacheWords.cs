using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary>What the cache did with an answer, or may have done, and why: the decision is <see cref="CacheRule"/>'s, the sentence is for people.</summary>
internal static class CacheWords
{
    /// <param name="policy">Of the agent's version; null when it is not known any more.</param>
    /// <param name="degraded">Level of the ladder whose answer the person got.</param>
    public static ExplainedCache Of(RunState state, AgentCachePolicy? policy, string? degraded)
    {
        if (state.Ending is null)
        {
            return new ExplainedCache("open", "The run has not ended yet.");
        }

        if (degraded is not null)
        {
            return new ExplainedCache("degraded", $"The person got another answer than the run's ({degraded}), and such answers are never stored.");
        }

        if (policy is null)
        {
            return new ExplainedCache("unknown", "The version of the agent that decided is not known any more.");
        }

        var decision = CacheRule.Decide(state, policy);
        return decision.Storable
            ? new ExplainedCache("storable", "The answer may be stored: it is whole, the agent's own model wrote it, and its tools give the same when asked again. Whether it was depends on the request, and on the cache being there.")
            : new ExplainedCache(decision.Decision, Why(decision, state, policy), decision.SourceRunId);
    }

    private static string Why(CacheDecision decision, RunState state, AgentCachePolicy policy) => decision.Decision switch
    {
        "hit" => "The answer came out of the cache.",
        "no_answer" => "There is no answer to store.",
        "disabled" => "The agent does not let its answers be stored.",
        "degraded" when state.Ending is RunCompleted { Limit: { } limit } => $"The limit '{limit}' cut the run short, so the answer is not the full one.",
        "degraded" => "A fallback model had a part in the answer.",
        "truncated" => $"The model's last reply was not whole ({state.LastReply?.FinishReason}).",
        "effects" => Effects(state, policy),
        "tool_error" => $"The answer had to do without what '{Failed(state)?.Call.Tool}' should have told ({Failed(state)?.Result?.Error}).",
        var other => $"The answer was not stored: {other}.",
    };

    private static string Effects(RunState state, AgentCachePolicy policy)
    {
        var call = state.Calls.First(call => call.Effect is { } effect && effect != ToolEffect.Pure && !(effect == ToolEffect.Read && policy.AllowRead));
        return call.Effect == ToolEffect.Read
            ? $"'{call.Call.Tool}' reads what may change, and the agent does not allow such answers to be stored (cache.allow_read)."
            : $"'{call.Call.Tool}' changes something, and a stored answer would not do that again.";
    }

    private static CallState? Failed(RunState state) => state.Calls.FirstOrDefault(CacheRule.HadToDoWithout);
}
