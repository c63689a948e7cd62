using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Runs.Queries;

namespace AgentPlatform.Executor.Sessions;

/// <summary>The newest turns of a session while they are read, newest first.</summary>
internal sealed class SessionWindow
{
    private readonly List<WindowRow> _waiting = [];

    /// <summary>Turns by the session's own counter; null when it has no row.</summary>
    public int? Counted { get; set; }

    public ConversationSummary? Summary { get; set; }

    /// <summary>The newest turn there is.</summary>
    public int Begun { get; private set; }

    /// <summary>Its rows go on where its counter does not.</summary>
    public bool IsCountedShort => Counted < Begun;

    public List<WindowRow> Finished { get; } = [];

    public List<WindowRow> AtWork { get; } = [];

    public void Add(WindowRow row)
    {
        Begun = Math.Max(Begun, row.Turn);
        (row.IsOpen ? row.IsWaiting ? _waiting : AtWork : Finished).Add(row);
    }

    /// <param name="cutOff">What to say of turns that broke off.</param>
    public SessionSnapshot ToSnapshot(int maxTurns, IReadOnlyDictionary<Guid, string>? cutOff)
    {
        var turns = Finished.Take(maxTurns)
            .Select(row => (Row: row, Answer: row.Answer ?? cutOff?.GetValueOrDefault(row.RunId)))
            .Where(turn => turn.Answer is not null)
            .Select(turn => new FinishedTurn(turn.Row.Turn, turn.Row.RunId, turn.Row.Agent, turn.Row.Question, turn.Answer!))
            .Reverse();
        return new SessionSnapshot(Counted is not null, Math.Max(Begun, Counted ?? 0) + 1, AtWork.Count == 0 ? null : AtWork[^1].ToOpen(), [.. turns])
        {
            Waiting = [.. _waiting.AsEnumerable().Reverse().Select(row => row.ToOpen())],
            Summary = Summary,
        };
    }
}

/// <summary>One turn's row.</summary>
internal sealed record WindowRow(int Turn, Guid RunId, string Agent, string Question, string? Answer, bool IsOpen, string Status)
{
    private static readonly string CutOff = RunStatusWords.Word(RunStatus.OutcomeUnknown);
    private static readonly string Queued = RunStatusWords.Word(RunStatus.Queued);
    private static readonly string Parked = RunStatusWords.Word(RunStatus.AwaitingApproval);

    /// <summary>It broke off in a <c>write</c>, and the person was told nothing.</summary>
    public bool IsCutOff => Answer is null && Status == CutOff;

    /// <summary>Open, but not at work.</summary>
    public bool IsWaiting => Status == Queued || Status == Parked;

    public OpenTurn ToOpen() => new(RunId, Turn);
}
