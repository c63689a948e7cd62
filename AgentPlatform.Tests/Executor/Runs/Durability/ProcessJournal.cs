using AgentPlatform.Executor.Journal;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>The journal as one process reaches it.</summary>
internal sealed class ProcessJournal(RunProcess process) : IRunJournal
{
    public async Task<AppendResult> AppendAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        var journal = process.Episode.Journal;
        var fault = await process.AtAsync(Instant.BeforeAppend);
        var result = journal.Append(append);
        if (fault?.Kind == FaultKind.LoseAcknowledgement)
        {
            result = journal.Append(append);
        }

        process.Did($"append {append.FirstSeq} in epoch {append.Epoch}: {result}");
        process.Episode.Coverage.Count(result.ToString());
        await process.AtAsync(Instant.AfterAppend);
        return result;
    }

    public Task<StoredRun?> LoadAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        Task.FromResult(process.Episode.Journal.Load());
}
