using System.Globalization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>
/// Checks what must hold of a session, and mends what does not. The invariants stand, in this order, in <c>docs/architecture.md</c> under
/// "Session invariants"; the numbers here are the numbers there. A second look right after finds nothing that could be mended.
/// </summary>
internal sealed class SessionVerification(StoredTurns turns, TurnVerification verification, SessionRepair repair)
{
    /// <returns>Null when there is no such session.</returns>
    public async Task<SessionReport?> VerifyAsync(string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        if (await turns.CountedAsync(tenantId, sessionId, cancellationToken) is not { } counted)
        {
            return null;
        }

        var findings = new List<SessionFinding>();
        var atWork = new List<StoredTurn>();
        var (rows, events, newest) = (0, 0, 0);
        var begun = DateTimeOffset.MinValue;
        await foreach (var turn in turns.ReadAsync(tenantId, sessionId, cancellationToken))
        {
            // 1. to 4. and 7.
            var journal = await verification.VerifyAsync(tenantId, turn, begun, findings, cancellationToken);
            rows++;
            events += journal.Events.Count;
            newest = Math.Max(newest, turn.Turn);
            begun = journal.State.Started is { } started && started.At > begun ? started.At : begun;
            if (turn.IsOpen && journal is { Broken: null, State.Status: RunStatus.Running })
            {
                atWork.Add(turn);
            }
        }

        // 5. They are not ended here: each is somebody's question. Their host takes them up in the order of their turns.
        findings.AddRange(atWork.Skip(1).Select(turn => new SessionFinding(
            "two_open_runs", $"The run is at work beside the one of turn {atWork[0].Turn}.", Repaired: false, turn.Turn, turn.RunId)));

        // 6.
        if (counted < newest)
        {
            await repair.RaiseTurnsAsync(tenantId, sessionId, newest, cancellationToken);
            findings.Add(new SessionFinding("totals", string.Create(CultureInfo.InvariantCulture, $"The session counted {counted} turns where there are {newest}."), Repaired: true));
        }

        return new SessionReport
        {
            SessionId = sessionId,
            Ok = findings.TrueForAll(finding => finding.Repaired),
            Turns = rows,
            Events = events,
            Findings = findings,
        };
    }
}
