using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;

namespace AgentPlatform.Executor.Sessions;

/// <summary>The newest finished turns of a session, held while its grain is active.</summary>
internal sealed class Conversation(IEnumerable<ConversationTurn> turns, int nextTurn, int window, Guid? lastRunId = null)
{
    /// <summary>Rough measure every model's context is budgeted with.</summary>
    private const int CharactersPerToken = 4;

    private readonly List<ConversationTurn> _turns = [.. turns];

    /// <summary>Number of the turn that begins next, from 1.</summary>
    public int NextTurn { get; private set; } = nextTurn;

    /// <summary>Results that anybody may have written are in it. Once so, each later turn is: what was said may come from them.</summary>
    public bool Untrusted => BeganUntrusted || _turns.Exists(turn => turn.Untrusted);

    /// <summary>They were in it when it was loaded, if only in what is summed up by now.</summary>
    public bool BeganUntrusted { get; init; }

    /// <summary>What was said before; null when no agent of the session asked for a summary.</summary>
    public ConversationSummary? Summary { get; set; }

    /// <summary>The run of the turn that began last; null before the first.</summary>
    public Guid? LastRunId { get; private set; } = lastRunId;

    public int Begin(Guid runId)
    {
        LastRunId = runId;
        return NextTurn++;
    }

    public void Add(ConversationTurn turn)
    {
        _turns.RemoveAll(known => known.Turn == turn.Turn);
        var place = _turns.FindIndex(known => known.Turn > turn.Turn);
        _turns.Insert(place < 0 ? _turns.Count : place, turn);
        if (_turns.Count > window)
        {
            _turns.RemoveAt(0);
        }
    }

    /// <summary>The conversation as it stood before a turn.</summary>
    public Conversation Before(int turn) => new(_turns.Where(known => known.Turn < turn), turn, window) { Summary = Summary };

    /// <summary>The newest turns that fit an agent's context budget, oldest first.</summary>
    public IReadOnlyList<ConversationTurn> For(int contextTokens)
    {
        return _turns[FirstWithin(contextTokens)..];
    }

    /// <summary>The summary, for an agent that asks for it and does not see all of the conversation.</summary>
    public string? SummaryFor(AgentDefinition agent)
    {
        var first = FirstWithin(agent.ContextTokens);
        var seesFrom = first < _turns.Count ? _turns[first].Turn : NextTurn;
        return agent.Summary && seesFrom > 1 ? Summary?.Text : null;
    }

    /// <summary>Turns that do not fit so many tokens, and that the summary does not cover yet; oldest first.</summary>
    public IReadOnlyList<ConversationTurn> Unsummed(int contextTokens) =>
        [.. _turns.Take(FirstWithin(contextTokens)).Where(turn => turn.Turn > (Summary?.Turns ?? 0))];

    private int FirstWithin(int contextTokens)
    {
        var left = (long)contextTokens * CharactersPerToken;
        var first = _turns.Count;
        while (first > 0)
        {
            left -= _turns[first - 1].Question.Length + _turns[first - 1].Answer.Length;
            if (left < 0)
            {
                break;
            }

            first--;
        }

        return first;
    }

    /// <summary>The turns a run that began earlier saw then.</summary>
    public IReadOnlyList<ConversationTurn> SeenBy(RunStarted started) => started.HistoryFrom is { } from
        ? [.. _turns.Where(turn => turn.Turn >= from && turn.Turn < started.Turn)]
        : [];
}
