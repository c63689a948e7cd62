namespace AgentPlatform.Executor.Journal;

/// <summary>One row of the journal: consecutive events of one run, all or nothing.</summary>
internal sealed record JournalAppend
{
    public required string TenantId { get; init; }

    public required Guid RunId { get; init; }

    /// <summary>Sequence of the first event; the others follow without gaps.</summary>
    public required long FirstSeq { get; init; }

    /// <summary>Epoch of the run under which this writer holds it: 1 at the start, one more with each takeover.</summary>
    public required long Epoch { get; init; }

    /// <summary>Names this append, so that its own earlier success is recognised.</summary>
    public required Guid AppendId { get; init; }

    /// <summary>JSON array of the events.</summary>
    public required string Events { get; init; }

    /// <summary>Set on the first append: the row of <c>runs</c> to insert (and the session's to touch) in the same commit.</summary>
    public RunStart? Start { get; init; }

    /// <summary>Set on the append with the terminal event: what to write into the row of <c>runs</c> in the same commit.</summary>
    public RunEnd? End { get; init; }
}

/// <summary>Columns of <c>runs</c> known at the start.</summary>
internal sealed record RunStart
{
    public string? SessionId { get; init; }
    public int? Turn { get; init; }
    public required string Agent { get; init; }
    public required string AgentVersion { get; init; }
    public required string Question { get; init; }
    public string? User { get; init; }

    /// <summary>JSON object of labels, or null.</summary>
    public string? Metadata { get; init; }
    public bool Background { get; init; }

    /// <summary>Accepted; work begins later.</summary>
    public bool Queued { get; init; }

    /// <summary>JSON array of the messages the caller brought to the turn of a session, or null.</summary>
    public string? Brought { get; init; }

    /// <summary>SHA-256 of the request, or null.</summary>
    public byte[]? RequestHash { get; init; }

    /// <summary>The executor process that owns the run.</summary>
    public required Guid Owner { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Columns of <c>runs</c> known at the end.</summary>
internal sealed record RunEnd
{
    /// <summary>Terminal status in its wire form, for example <c>timed_out</c>.</summary>
    public required string Status { get; init; }
    public string? Answer { get; init; }
    public string? Model { get; init; }
    public int Iterations { get; init; }
    public long InputTokens { get; init; }
    public long OutputTokens { get; init; }
    public decimal? CostUsd { get; init; }

    /// <summary>The run whose cached answer was given; null when this run wrote its own.</summary>
    public Guid? CachedFrom { get; init; }

    /// <summary>JSON array of the calls that are the caller's to make, or null.</summary>
    public string? HandedOver { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }
}
