using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Runs.Queries;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>One turn of a session: its journal by itself, then its row against it. A run that its executor is at work on is only looked at.</summary>
internal sealed class TurnVerification(SessionRepair repair)
{
    /// <summary>Clocks of executors may differ by so much before an order of turns counts as wrong.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <param name="after">When the turns before began.</param>
    /// <param name="findings">Gets what is wrong.</param>
    /// <returns>The journal as it is now.</returns>
    public async Task<StoredJournal> VerifyAsync(
        string tenantId, StoredTurn turn, DateTimeOffset after, List<SessionFinding> findings, CancellationToken cancellationToken)
    {
        var journal = StoredJournal.Read(turn.Appends.Select(append => append.Events));

        // 1. and 2.
        if (journal.Broken is { } broken)
        {
            await CloseAsync(tenantId, turn, journal, broken, findings, cancellationToken);
            return journal;
        }

        // 3.
        if (journal.State.Ending is not null && journal.State.PendingCalls.Any())
        {
            journal = await PairAsync(tenantId, turn, journal, findings, cancellationToken);
        }

        // 4.
        var started = journal.State.Started!;
        if (started.Turn is { } number && number != turn.Turn)
        {
            var renumbered = await repair.RenumberAsync(tenantId, turn.RunId, number, cancellationToken);
            findings.Add(Finding(turn, "turn_order", $"The row said turn {turn.Turn}, the journal says {number}.", renumbered));
        }
        else if (started.At + Skew < after)
        {
            findings.Add(Finding(turn, "turn_order", "The run began before a run of an earlier turn.", repaired: false));
        }

        // 7.
        await CompareAsync(tenantId, turn, journal.State, findings, cancellationToken);
        return journal;
    }

    /// <summary>Without a journal to go on with, the run ends as failed, so that the session goes on. One that was closed before is done with.</summary>
    private async Task CloseAsync(
        string tenantId, StoredTurn turn, StoredJournal journal, string broken, List<SessionFinding> findings, CancellationToken cancellationToken)
    {
        if (!turn.IsOpen && turn.Status == RunStatusWords.Word(RunStatus.Failed))
        {
            return;
        }

        var closed = turn.IsOpen && !turn.IsAlive && await repair.CloseAsync(tenantId, turn.RunId, journal.State, cancellationToken);
        findings.Add(Finding(turn, journal.HasGap ? "event_gap" : "unfoldable", closed ? $"{broken} The run is closed as failed." : broken, closed));
    }

    /// <summary>Writes the missing results into the last append, before the end.</summary>
    private async Task<StoredJournal> PairAsync(
        string tenantId, StoredTurn turn, StoredJournal journal, List<SessionFinding> findings, CancellationToken cancellationToken)
    {
        var ending = journal.State.Ending!;
        var results = journal.State.PendingCalls
            .Select((call, place) => new ToolReturned
            {
                Seq = ending.Seq + place,
                At = ending.At,
                CallId = call.Call.CallId,
                Tool = call.Call.Tool,
                Result = "The run ended before this call gave a result.",
                Error = ToolErrorKind.Interrupted,
                Synthetic = true,
            })
            .ToList();
        findings.AddRange(results.Select(result => Finding(turn, "unpaired_call", $"The call of '{result.Tool}' had no result.", repaired: true) with { CallId = result.CallId }));

        var (firstSeq, _) = turn.Appends[^1];
        List<RunEvent> whole = [.. journal.Events.Where(next => next != ending), .. results, ending with { Seq = ending.Seq + results.Count }];
        var last = whole.Where(next => next.Seq >= firstSeq).ToList();
        await repair.ReplaceLastAppendAsync(tenantId, turn.RunId, firstSeq, JsonSerializer.Serialize(last, WireJson.Options), cancellationToken);
        return journal with { Events = whole, State = RunState.Fold(whole) };
    }

    private async Task CompareAsync(string tenantId, StoredTurn turn, RunState state, List<SessionFinding> findings, CancellationToken cancellationToken)
    {
        if (state.Ending is not { } ending)
        {
            if (!turn.IsOpen)
            {
                await repair.ReopenAsync(tenantId, turn.RunId, state.Status, cancellationToken);
                findings.Add(Finding(turn, "row_differs", $"The row said '{turn.Status}', the journal has not ended.", repaired: true));
            }

            return;
        }

        var end = RunRows.EndOf(state, ending);
        var differences = RowDifference.Between(turn, end);
        if (differences.Count > 0)
        {
            await repair.RewriteAsync(tenantId, turn.RunId, end, cancellationToken);
            findings.Add(Finding(turn, "row_differs", $"The row differed from the journal in {string.Join(", ", differences)}.", repaired: true));
        }
    }

    private static SessionFinding Finding(StoredTurn turn, string code, string detail, bool repaired) =>
        new(code, detail, repaired, turn.Turn, turn.RunId);
}
