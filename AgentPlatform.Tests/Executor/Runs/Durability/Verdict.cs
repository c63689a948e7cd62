using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>All of a run that must not depend on who worked on it and how often it was interrupted, line by line.</summary>
internal static class Verdict
{
    public static IEnumerable<string> Of(RunState state) =>
    [
        $"{state.Status} after {state.Iterations}: {Ending(state.Ending)}",
        $"{state.Usage}",
        .. state.Replies.Select(Reply),
        .. state.Calls.Select(Call),
    ];

    public static string Reply(ModelReplied reply) =>
        $"{reply.Model} {reply.FallbackModel} {reply.Limit} {reply.FinishReason} {reply.Usage}: '{reply.Text}' {string.Join(", ", reply.ToolCalls)}";

    public static string Call(CallState call) =>
        $"{call.Call} approved {call.Approved}: {call.Result?.Result} {call.Result?.Error} {call.Result?.Synthetic} {call.Result?.Truncated}";

    private static string Ending(RunEvent? ending) => ending switch
    {
        RunCompleted completed => $"{completed.Answer} {completed.Iterations} {completed.Limit}",
        RunFailed failed => $"{failed.Reason} {failed.Message}",
        _ => $"{ending?.GetType().Name}",
    };
}
