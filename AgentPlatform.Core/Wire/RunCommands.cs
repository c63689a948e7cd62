namespace AgentPlatform.Core.Wire;

/// <summary><c>POST executor/runs/{id}/approvals/{call_id}</c>: a person's word on one call.</summary>
public sealed record ApprovalDecision
{
    public required bool Approve { get; init; }

    public string? Reason { get; init; }

    /// <summary>The arguments the person saw; when given they must be exactly the call's.</summary>
    public string? Arguments { get; init; }

    /// <summary>Who decided.</summary>
    public string? By { get; init; }
}

/// <summary><c>POST executor/runs/{id}/outcomes/{call_id}</c>: what a person found out about a call that broke off.</summary>
public sealed record CallOutcome
{
    public required bool Happened { get; init; }

    public string? Note { get; init; }

    /// <summary>Who found out.</summary>
    public string? By { get; init; }
}

/// <summary><c>GET executor/runs/repeated/{hash}</c>: the run that the same request began a short while ago; null when there is none.</summary>
public sealed record RepeatedRun(Guid? RunId);

/// <summary>Answer to a cancel, a decision or a recorded outcome: how the run stands now.</summary>
public sealed record RunStanding(Guid RunId, RunStatus Status);
