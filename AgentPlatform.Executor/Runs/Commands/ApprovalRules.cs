using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Runs.Commands;

/// <summary>Whether a person's word on a call still counts. The word is bound to the arguments that person saw.</summary>
internal static class ApprovalRules
{
    public static ApprovalCheck Check(RunState state, string callId, ApprovalDecision decision)
    {
        if (state.Calls.FirstOrDefault(known => known.Call.CallId == callId && known.ApprovalAsked) is not { } call)
        {
            return ApprovalCheck.NoSuchCall;
        }

        if (decision.Arguments is { } seen && !AreSame(seen, call.Call.Arguments))
        {
            return ApprovalCheck.OtherArguments;
        }

        if (call.Approved is { } approved)
        {
            return approved == decision.Approve ? ApprovalCheck.Recorded : ApprovalCheck.DecidedOtherwise;
        }

        return state.Ending is null ? ApprovalCheck.Waits : ApprovalCheck.RunEnded;
    }

    public static ExecutorProblem Problem(ApprovalCheck check, string runId, string callId) => check switch
    {
        ApprovalCheck.NoSuchCall => ExecutorProblems.CallNotFound(runId, callId),
        ApprovalCheck.OtherArguments => ExecutorProblems.Conflict(
            ProblemCodes.ApprovalMismatch, $"The arguments of call '{callId}' are not the ones in the decision. Read the run and decide on what it asks for.", "arguments"),
        ApprovalCheck.DecidedOtherwise => ExecutorProblems.Conflict(
            ProblemCodes.ApprovalDecided, $"Call '{callId}' was decided the other way before.", "decision"),
        _ => ExecutorProblems.Conflict(ProblemCodes.RunEnded, $"Run '{runId}' has ended; nothing waits for a decision any more."),
    };

    /// <summary>Equal as JSON: white space and the order of members say nothing.</summary>
    private static bool AreSame(string seen, string asked)
    {
        if (string.Equals(seen, asked, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            using var one = JsonDocument.Parse(seen);
            using var other = JsonDocument.Parse(asked);
            return JsonElement.DeepEquals(one.RootElement, other.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>How a decision meets its call.</summary>
internal enum ApprovalCheck
{
    /// <summary>It can be recorded.</summary>
    Waits,

    /// <summary>The same was decided before.</summary>
    Recorded,

    DecidedOtherwise,
    OtherArguments,
    NoSuchCall,
    RunEnded,
}
