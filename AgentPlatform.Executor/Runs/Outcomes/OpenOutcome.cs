using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Runs.Outcomes;

/// <summary>Which calls nobody knows the end of.</summary>
internal static class OpenOutcome
{
    /// <summary>
    /// The call did not tell how it ended, or it was a <c>write</c> at work when the run was cut off. A call that may be repeated has no open
    /// outcome: its run went on, or doing it again does no harm.
    /// </summary>
    public static bool Is(CallState call, RunState state) =>
        call.Result?.Error == ToolErrorKind.OutcomeUnknown
        || (state.Status == RunStatus.OutcomeUnknown && call is { Effect: ToolEffect.Write, Result: null or { Synthetic: true, Error: ToolErrorKind.Interrupted } });
}
