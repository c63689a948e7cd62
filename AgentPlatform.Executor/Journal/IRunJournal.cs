namespace AgentPlatform.Executor.Journal;

/// <summary>
/// The append-only truth of every run. <see cref="AppendAsync"/> returns when the events are durable, or when it is certain
/// that they are not and why; while the database is away it keeps trying until <c>cancellationToken</c> ends.
/// </summary>
internal interface IRunJournal
{
    Task<AppendResult> AppendAsync(JournalAppend append, CancellationToken cancellationToken);

    /// <summary>The run as stored, or null when it never started.</summary>
    Task<StoredRun?> LoadAsync(string tenantId, Guid runId, CancellationToken cancellationToken);
}

/// <summary>What became of an append.</summary>
internal enum AppendResult
{
    /// <summary>Durable, now or already before (a repeated append whose acknowledgement was lost).</summary>
    Committed,

    /// <summary>Another writer's events stand at this place and this writer is the newer: reload, fold, go on.</summary>
    Superseded,

    /// <summary>A newer writer owns the run: stop, and do nothing more for it.</summary>
    Fenced,
}
