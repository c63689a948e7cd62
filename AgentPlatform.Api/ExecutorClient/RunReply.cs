using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>How asking the executors for a run ended: exactly one of six. Losing an executor is a value, not an exception.</summary>
internal abstract record RunReply
{
    private RunReply()
    {
    }

    /// <summary>Set when the run had to be taken up again, at another executor or at the same after a pause.</summary>
    public TriedRung? Reattach { get; init; }

    /// <summary>The run says how it stands.</summary>
    public sealed record Outcome(RunOutcome Run) : RunReply;

    /// <summary>An executor answered with a problem.</summary>
    public sealed record Refused(int Status, string Code, string Detail, string? Field, TimeSpan? RetryAfter) : RunReply;

    /// <summary>No connection: nothing was started by this attempt.</summary>
    public sealed record Unreachable : RunReply;

    /// <summary>Connected, but no line for too long. The run may be alive.</summary>
    public sealed record Silent : RunReply;

    /// <summary>The stream ended before the outcome. The run may be alive.</summary>
    public sealed record Broken : RunReply;

    /// <summary>The deadline passed with the executor still at work.</summary>
    public sealed record TimedOut : RunReply;
}
