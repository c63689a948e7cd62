namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>run_events</c>: one append. Insert-only.</summary>
internal sealed class RunEventsEntity
{
    public required string TenantId { get; set; }
    public required Guid RunId { get; set; }

    /// <summary>Sequence of the first event in <see cref="Events"/>.</summary>
    public long FirstSeq { get; set; }

    /// <summary>The run's epoch under which it was written.</summary>
    public long Epoch { get; set; }
    public Guid AppendId { get; set; }

    /// <summary>jsonb array of events.</summary>
    public required string Events { get; set; }
}
