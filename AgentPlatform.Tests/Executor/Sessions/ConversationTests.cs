using AgentPlatform.Executor.Sessions;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Sessions;

public sealed class ConversationTests
{
    [Fact]
    public void The_newest_turns_that_fit_the_budget_are_seen_oldest_first()
    {
        var conversation = new Conversation([Turn(1, 400), Turn(2, 400), Turn(3, 400)], nextTurn: 4, window: 50);
        var seen = conversation.For(contextTokens: 200);
        Assert.Equal([2, 3], seen.Select(turn => turn.Turn));
    }

    [Fact]
    public void A_turn_too_long_for_the_budget_hides_everything_before_it()
    {
        var conversation = new Conversation([Turn(1, 10), Turn(2, 10_000), Turn(3, 10)], nextTurn: 4, window: 50);
        Assert.Equal([3], conversation.For(contextTokens: 100).Select(turn => turn.Turn));
    }

    [Fact]
    public void The_window_forgets_the_oldest_turn()
    {
        var conversation = new Conversation([Turn(1, 1), Turn(2, 1)], nextTurn: 3, window: 2);
        conversation.Add(Turn(3, 1));
        Assert.Equal([2, 3], conversation.For(contextTokens: 8_000).Select(turn => turn.Turn));
    }

    [Fact]
    public void A_resumed_run_sees_the_turns_it_began_with_and_none_that_came_later()
    {
        var conversation = new Conversation([Turn(1, 1), Turn(2, 1), Turn(4, 1)], nextTurn: 5, window: 50);
        Assert.Equal([2], conversation.SeenBy(Started() with { Turn = 3, HistoryFrom = 2 }).Select(turn => turn.Turn));
        Assert.Empty(conversation.SeenBy(Started() with { Turn = 1 }));
    }

    [Fact]
    public void A_turn_that_waited_sees_what_stands_before_it()
    {
        var conversation = new Conversation([Turn(1, 1), Turn(2, 1), Turn(4, 1)], nextTurn: 5, window: 50);
        Assert.Equal([1, 2], conversation.Before(3).For(contextTokens: 8_000).Select(turn => turn.Turn));
    }

    private static ConversationTurn Turn(int turn, int length) => new(turn, new string('q', length / 2), new string('a', length - (length / 2)));
}
