using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.Runs;

/// <summary>The body of <c>GET /runs/{run_id}</c>: how the run stands, and every step it took.</summary>
internal sealed record RunDetail
{
    public required Guid RunId { get; init; }

    public required RunStatus Status { get; init; }

    public required string Agent { get; init; }

    /// <summary>Content hash of the definition the run stays on.</summary>
    public required string AgentVersion { get; init; }

    public string? SessionId { get; init; }

    /// <summary>Place within the session, from 1.</summary>
    public int? Turn { get; init; }

    public required string Question { get; init; }

    /// <summary>What the person was told; null while the run goes on.</summary>
    public string? Answer { get; init; }

    /// <summary>The answer as JSON; null when the agent has no response schema.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Finished tool rounds.</summary>
    public required int Iterations { get; init; }

    /// <summary>The model that wrote the last reply; null when none has.</summary>
    public string? Model { get; init; }

    public required AnswerUsage Usage { get; init; }

    /// <summary>The limit that cut the run short.</summary>
    public string? Limit { get; init; }

    /// <summary>Why there is no answer.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>A sentence that goes with <see cref="Reason"/>.</summary>
    public string? Message { get; init; }

    /// <summary>Calls that wait for a person.</summary>
    public required IReadOnlyList<PendingApproval> Approvals { get; init; }

    /// <summary>What people found out about calls that broke off.</summary>
    public required IReadOnlyList<RecordedOutcome> Outcomes { get; init; }

    public string? User { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public required bool Background { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The journal: what happened, in order.</summary>
    public required IReadOnlyList<RunEvent> Steps { get; init; }

    public static RunDetail Of(RunView view) => new()
    {
        RunId = view.Run.RunId,
        Status = view.Run.Status,
        Agent = view.Run.Agent,
        AgentVersion = view.Run.AgentVersion,
        SessionId = view.Run.SessionId,
        Turn = view.Run.Turn,
        Question = view.Run.Question,
        Answer = view.Run.Answer,
        Output = view.Output,
        Iterations = view.Iterations,
        Model = view.Model,
        Usage = AnswerUsage.Of(view.Usage),
        Limit = view.Limit,
        Reason = view.Reason,
        Message = view.Message,
        Approvals = view.Approvals,
        Outcomes = view.Outcomes,
        User = view.Run.User,
        Metadata = view.Run.Metadata,
        Background = view.Run.Background,
        CreatedAt = view.Run.CreatedAt,
        FinishedAt = view.Run.FinishedAt,
        Steps = view.Events,
    };
}
