using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>
/// The journal of one run with the semantics of the one in Postgres: the first writer at a sequence number has it, an append is known
/// again by its id, and who finds another's row in its place is judged by the epochs.
/// </summary>
internal sealed class MemoryJournal
{
    private readonly Lock _lock = new();
    private readonly SortedList<long, JournalAppend> _rows = [];
    private (long Epoch, Guid Owner)? _run;

    /// <summary>The row of <c>runs</c> says finished.</summary>
    public RunEnd? End { get; private set; }

    public IReadOnlyList<JournalAppend> Rows
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows.Values];
            }
        }
    }

    public List<RunEvent> Events => [.. Rows.SelectMany(row => JsonSerializer.Deserialize<List<RunEvent>>(row.Events, WireJson.Options)!)];

    public AppendResult Append(JournalAppend append)
    {
        lock (_lock)
        {
            if (append.Start is null)
            {
                return _rows.TryAdd(append.FirstSeq, append) ? Stored(append) : Judge(append);
            }

            if (_run is not null)
            {
                return Judge(append);
            }

            _run = (append.Epoch, append.Start.Owner);
            _rows.Add(append.FirstSeq, append);
            return Stored(append);
        }
    }

    public StoredRun? Load()
    {
        lock (_lock)
        {
            return _run is { } run ? new StoredRun(Events, run.Epoch, run.Owner) : null;
        }
    }

    /// <returns>The new epoch; null when the run has ended or changed hands.</returns>
    public long? TryClaim(long epoch, Guid owner)
    {
        lock (_lock)
        {
            if (End is not null || _run?.Epoch != epoch)
            {
                return null;
            }

            _run = (epoch + 1, owner);
            return epoch + 1;
        }
    }

    private AppendResult Stored(JournalAppend append)
    {
        End = append.End ?? End;
        return AppendResult.Committed;
    }

    private AppendResult Judge(JournalAppend append) =>
        !_rows.TryGetValue(append.FirstSeq, out var standing) ? AppendResult.Superseded
        : standing.AppendId == append.AppendId ? AppendResult.Committed
        : standing.Epoch > append.Epoch || _run?.Epoch > append.Epoch ? AppendResult.Fenced
        : AppendResult.Superseded;
}
