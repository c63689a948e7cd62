namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>runs</c>: one question. Written at the start and at the end only; the steps are in <c>run_events</c>.</summary>
internal sealed class RunEntity
{
    public required string TenantId { get; set; }
    public required Guid RunId { get; set; }
    public string? SessionId { get; set; }

    /// <summary>Place within the session, from 1.</summary>
    public int? Turn { get; set; }
    public required string Agent { get; set; }
    public required string AgentVersion { get; set; }

    /// <summary>Wire form of the status.</summary>
    public required string Status { get; set; }
    public required string Question { get; set; }

    /// <summary>What the person was told: the run's answer, or the ladder's.</summary>
    public string? Answer { get; set; }
    public string? Model { get; set; }
    public int Iterations { get; set; }
    public long InputTokens { get; set; }
    public long OutputTokens { get; set; }
    public decimal? CostUsd { get; set; }

    /// <summary>The caller's label for the person; column <c>user_label</c>.</summary>
    public string? UserLabel { get; set; }

    /// <summary>jsonb object of string labels.</summary>
    public string? Metadata { get; set; }
    public bool Background { get; set; }
    public Guid? CachedFrom { get; set; }

    /// <summary>jsonb array of messages: what the caller brought to this turn instead of a plain question.</summary>
    public string? Brought { get; set; }

    /// <summary>jsonb array of calls: the caller's tools with which the run ended.</summary>
    public string? HandedOver { get; set; }

    /// <summary>SHA-256 of the request, by which its repetition finds the run.</summary>
    public byte[]? RequestHash { get; set; }

    /// <summary>Level of the ladder that answered; null for the run's own answer.</summary>
    public string? Degraded { get; set; }

    /// <summary>jsonb: how the API labelled what the ladder told; null for the run's own answer.</summary>
    public string? Told { get; set; }

    /// <summary>A turn of its conversation and nothing else: no list shows it and no look-up finds it. The copies of a forked session, and what a caller deleted.</summary>
    public bool Hidden { get; set; }

    /// <summary>The executor process that holds it; set at start and takeover.</summary>
    public Guid Owner { get; set; }
    public long Epoch { get; set; }

    /// <summary>When the first approval of a parked run expires; null while it works, or waits without an end.</summary>
    public DateTimeOffset? ParkedUntil { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}
