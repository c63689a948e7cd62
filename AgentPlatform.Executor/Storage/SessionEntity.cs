namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>sessions</c>: one conversation. Its turns are rows of <c>runs</c>.</summary>
internal sealed class SessionEntity
{
    public required string TenantId { get; set; }
    public required string SessionId { get; set; }

    /// <summary>Turns begun so far.</summary>
    public int Turns { get; set; }
    public string? UserLabel { get; set; }

    /// <summary>jsonb object of string labels.</summary>
    public string? Metadata { get; set; }

    /// <summary>jsonb document kept by callers and tools; null until first put.</summary>
    public string? State { get; set; }

    /// <summary>Counts the puts; the document's ETag.</summary>
    public long StateVersion { get; set; }

    /// <summary>What the turns up to <see cref="SummaryTurns"/> were about; null until an agent asked for a summary.</summary>
    public string? Summary { get; set; }

    /// <summary>The last turn that <see cref="Summary"/> covers.</summary>
    public int SummaryTurns { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}
