using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>How asking the executors for a run ended: exactly one of seven. Losing an executor is a value, not an exception.</summary>
internal abstract record RunReply
{
    private RunReply()
    {
    }

    /// <summary>Set when more than one attempt was needed, at another executor or at the same after a pause.</summary>
    public TriedRung? Reattach { get; init; }

    /// <summary>
    /// An executor was lost that was at work on the run, or may have been as far as anybody knows. Executors that were not there, that were stopping
    /// and did not take it, or that were only slow, are a detour and no interruption.
    /// </summary>
    public bool Interrupted { get; init; }

    /// <summary>The run says how it stands.</summary>
    public sealed record Outcome(RunOutcome Run) : RunReply;

    /// <summary>The background run is durable and goes on without us.</summary>
    /// <param name="Status">How it stands at its acceptance.</param>
    public sealed record Accepted(RunStatus Status) : RunReply;

    /// <summary>An executor answered with a problem.</summary>
    public sealed record Refused(
        int Status, string Code, string Detail, string? Field, TimeSpan? RetryAfter, BudgetExceeded? Budget = null) : RunReply;

    /// <summary>No connection: nothing was started by this attempt.</summary>
    public sealed record Unreachable : RunReply;

    /// <summary>Connected, but no line for too long. The run may be alive.</summary>
    public sealed record Silent : RunReply;

    /// <summary>The stream ended before the outcome.</summary>
    /// <param name="AtOnce">
    /// Without a byte, as soon as it was used: an executor that stops closes its idle connections, and the request crossed that on its way. Else the run
    /// may be alive.
    /// </param>
    public sealed record Broken(bool AtOnce = false) : RunReply;

    /// <summary>The deadline passed with the executor still at work.</summary>
    public sealed record TimedOut : RunReply;
}
