using System.Text.Json;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Core.Wire;

/// <summary>A page of a list, newest first.</summary>
/// <param name="Items">At most the asked number.</param>
/// <param name="Next">Opaque; passed as <c>after</c> it gives the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>One run in a list.</summary>
public sealed record RunSummary
{
    public required Guid RunId { get; init; }
    public required RunStatus Status { get; init; }
    public required string Agent { get; init; }
    public required string AgentVersion { get; init; }
    public string? SessionId { get; init; }
    public int? Turn { get; init; }
    public required string Question { get; init; }
    public string? Answer { get; init; }
    public string? User { get; init; }
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
    public bool Background { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>One run with every step.</summary>
public sealed record RunView
{
    public required RunSummary Run { get; init; }
    public int Iterations { get; init; }
    public string? Model { get; init; }
    public required Usage Usage { get; init; }
    public string? Limit { get; init; }
    public FailureReason? Reason { get; init; }
    public string? Message { get; init; }
    public JsonElement? Output { get; init; }
    public IReadOnlyList<PendingApproval> Approvals { get; init; } = [];

    /// <summary>What people found out about calls that broke off.</summary>
    public IReadOnlyList<RecordedOutcome> Outcomes { get; init; } = [];

    /// <summary>The label of what the ladder told the person; null for the run's own answer.</summary>
    public JsonElement? Told { get; init; }

    /// <summary>The journal: what happened, in order.</summary>
    public IReadOnlyList<RunEvent> Events { get; init; } = [];
}

/// <summary>What a person found out about a call that broke off.</summary>
public sealed record RecordedOutcome
{
    public required string CallId { get; init; }
    public required string Tool { get; init; }
    public required bool Happened { get; init; }
    public string? Note { get; init; }

    /// <summary>Who found out.</summary>
    public string? By { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>A conversation.</summary>
public sealed record SessionView
{
    public required string SessionId { get; init; }
    public int Turns { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public string? User { get; init; }
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The run that has the floor now.</summary>
    public Guid? ActiveRunId { get; init; }
}

/// <summary>One question of a conversation and what the person was told.</summary>
public sealed record TurnView
{
    public required int Turn { get; init; }
    public required Guid RunId { get; init; }
    public required RunStatus Status { get; init; }
    public required string Agent { get; init; }
    public required string Question { get; init; }

    /// <summary>What the person was told; null while the run goes on.</summary>
    public string? Answer { get; init; }

    /// <summary>The answer came out of the cache.</summary>
    public bool Cached { get; init; }

    /// <summary>Level of the ladder that answered; null for the run's own answer.</summary>
    public string? Degraded { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>A JSON document kept with a session; <paramref name="Version"/> is its ETag.</summary>
public sealed record SessionState(JsonElement State, long Version);

/// <summary>What the ladder told the person when the run could not: becomes the turn's assistant text.</summary>
public sealed record ToldAnswer
{
    public required string TenantId { get; init; }
    public required string SessionId { get; init; }
    public required Guid RunId { get; init; }
    public required string Agent { get; init; }
    public required string Question { get; init; }
    public required string Answer { get; init; }
    public required string Level { get; init; }
    public required FailureReason Reason { get; init; }

    /// <summary>How the API labelled it, kept beside it; the executor does not read it.</summary>
    public JsonElement? Label { get; init; }
}

/// <summary><c>POST executor/sessions/{id}/fork</c>: a new session with the turns up to and including that run's.</summary>
/// <param name="SessionId">The new one's name; where it stands already nothing is done.</param>
public sealed record SessionFork(Guid RunId, string SessionId);
