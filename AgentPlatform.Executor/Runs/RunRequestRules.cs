using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>What the address of a run's host and its clock are made of must be sound, whoever asks.</summary>
internal static class RunRequestRules
{
    private static readonly double LongestSeconds = TimeSpan.FromDays(1).TotalSeconds;

    public static ExecutorProblem? Broken(RunRequest request) =>
        !TenantNames.IsValid(request.TenantId) ? ExecutorProblems.Invalid("tenant_id", $"'tenant_id' must name a tenant: {TenantNames.Rule}.")
        : request.SessionId is { } session && !SessionIds.IsValid(session) ? ExecutorProblems.Invalid("session_id", SessionIds.Rule)
        : request.RunId == Guid.Empty ? ExecutorProblems.Invalid("run_id", "'run_id' must be the id of the run.")
        : !(request.Timeout > 0 && request.Timeout <= LongestSeconds) ? ExecutorProblems.Invalid("timeout", $"'timeout' must be a number of seconds up to {LongestSeconds}.")
        : null;
}
