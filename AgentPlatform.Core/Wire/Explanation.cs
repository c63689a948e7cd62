using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire;

/// <summary>Where the time, the tokens and the money of a run went, and why. Parts are milliseconds and add up to the total.</summary>
public sealed record RunExplanation
{
    public required Guid RunId { get; init; }

    public required RunStatus Status { get; init; }

    public required string Agent { get; init; }

    public required string AgentVersion { get; init; }

    /// <summary>From acceptance to the end, or until now.</summary>
    public required long TotalMs { get; init; }

    public required TimeParts Parts { get; init; }

    public required IReadOnlyList<ExplainedStep> Steps { get; init; }

    public required Usage Usage { get; init; }

    /// <summary>Each limit the agent has: how much of it was used.</summary>
    public required IReadOnlyList<LimitUse> Limits { get; init; }

    /// <summary>What the cache did with the answer, and the reason as a sentence.</summary>
    public required ExplainedCache Cache { get; init; }

    /// <summary>Level of the ladder whose answer the person got; null for the run's own.</summary>
    public string? Degraded { get; init; }

    public FailureReason? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>Executors that held the run, in order.</summary>
    public required IReadOnlyList<Holding> Executors { get; init; }
}

/// <summary>Milliseconds by what they were spent on; together the total.</summary>
/// <param name="Queue">Waiting for the session's floor or for a place among the background runs.</param>
/// <param name="Model">Waiting for models.</param>
/// <param name="Tools">Waiting for tools; parallel calls count once.</param>
/// <param name="Approval">Waiting for a person.</param>
/// <param name="Recovery">Between the last word of a lost executor and the next one's first.</param>
/// <param name="Overhead">The remainder: journal, scheduling, our own work.</param>
public sealed record TimeParts(long Queue, long Model, long Tools, long Approval, long Recovery, long Overhead);

/// <summary>One model reply or tool call.</summary>
public sealed record ExplainedStep
{
    /// <summary><c>model</c> or <c>tool</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Model id or tool name.</summary>
    public required string Name { get; init; }

    /// <summary>Sequence of the event that ended the step.</summary>
    public required long Seq { get; init; }

    public required long Ms { get; init; }

    /// <summary>Requests made for it, retries included; for tools how often it was begun.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Of a model reply.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Of a tool call.</summary>
    public string? CallId { get; init; }

    public ToolEffect? Effect { get; init; }

    /// <summary>What went wrong, or why it was not called: a word.</summary>
    public string? Error { get; init; }
}

/// <summary>How much of a limit was used.</summary>
/// <param name="State"><c>ok</c>, <c>near</c> (from 80 %) or <c>reached</c>.</param>
public sealed record LimitUse(string Limit, double Used, double Max, string State);

/// <summary>The cache and this run.</summary>
public sealed record ExplainedCache(string Decision, string Why, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? SourceRunId = null);

/// <summary>An executor that worked on the run.</summary>
/// <param name="Epoch">Of the run while this one held it.</param>
public sealed record Holding(string Executor, long Epoch, DateTimeOffset From);
