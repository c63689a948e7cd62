namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>executors</c>: the lease of one executor process. All its times are the database's.</summary>
internal sealed class ExecutorEntity
{
    public Guid Id { get; set; }

    /// <summary>From 1; one more each time the lease had lapsed before it was renewed.</summary>
    public long Epoch { get; set; }

    /// <summary>Machine and process, for people.</summary>
    public required string Name { get; set; }
    public DateTimeOffset LeaseUntil { get; set; }
    public DateTimeOffset StartedAt { get; set; }
}
