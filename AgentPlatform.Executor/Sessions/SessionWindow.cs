using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs.Queries;

namespace AgentPlatform.Executor.Sessions;

/// <summary>The newest turns of a session while they are read, newest first.</summary>
internal sealed class SessionWindow
{
    /// <summary>Turns by the session's own counter; null when it has no row.</summary>
    public int? Counted { get; set; }

    public ConversationSummary? Summary { get; set; }

    /// <summary>The newest turn there is.</summary>
    public int Begun { get; private set; }

    /// <summary>The run of that turn.</summary>
    public Guid? LastRunId { get; private set; }

    /// <summary>Its rows go on where its counter does not.</summary>
    public bool IsCountedShort => Counted < Begun;

    public List<WindowRow> Finished { get; } = [];

    /// <summary>At work or queued, in the order of their turns.</summary>
    public List<OpenTurn> Open { get; } = [];

    /// <summary>How many are at work; more than one must not be.</summary>
    public int AtWork { get; private set; }

    public void Add(WindowRow row)
    {
        if (row.Turn > Begun)
        {
            (Begun, LastRunId) = (row.Turn, row.RunId);
        }

        if (!row.IsOpen)
        {
            Finished.Add(row);
        }
    }

    public void Add(OpenTurn open, bool isQueued)
    {
        Open.Add(open);
        AtWork += isQueued ? 0 : 1;
    }

    /// <param name="cutOff">What to say of turns that broke off.</param>
    public SessionSnapshot ToSnapshot(int maxTurns, IReadOnlyDictionary<Guid, string>? cutOff)
    {
        var turns = Finished.Take(maxTurns)
            .Select(row => (Row: row, Answer: row.Answer ?? cutOff?.GetValueOrDefault(row.RunId)))
            .Where(turn => turn.Answer is not null)
            .Select(turn => new FinishedTurn(turn.Row.Turn, turn.Row.RunId, turn.Row.Agent, turn.Row.Question, turn.Answer!, turn.Row.Brought, turn.Row.HandedOver, turn.Row.Untrusted))
            .Reverse();
        return new SessionSnapshot(Counted is not null, Math.Max(Begun, Counted ?? 0) + 1, Open, [.. turns])
        {
            LastRunId = LastRunId,
            Summary = Summary,
            Untrusted = Finished.Exists(row => row.Untrusted),
        };
    }
}

/// <summary>One turn's row.</summary>
internal sealed record WindowRow(int Turn, Guid RunId, string Agent, string Question, string? Answer, bool IsOpen, string Status)
{
    public IReadOnlyList<BroughtMessage>? Brought { get; init; }

    public IReadOnlyList<ToolCall>? HandedOver { get; init; }

    /// <summary>Results that anybody may have written are behind it.</summary>
    public bool Untrusted { get; init; }

    private static readonly string CutOff = RunStatusWords.Word(RunStatus.OutcomeUnknown);

    /// <summary>It broke off in a <c>write</c>, and the person was told nothing.</summary>
    public bool IsCutOff => Answer is null && Status == CutOff;
}
