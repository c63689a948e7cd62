using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs.Watching;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Runs.Watching;

public sealed class RunFeedTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RunFeed _feed;
    private readonly List<RunEvent> _events = [];

    public RunFeedTests() => _feed = new RunFeed(_clock);

    [Fact]
    public void Nothing_is_seen_before_it_is_durable()
    {
        Stage(Started());
        Assert.Empty(Seen());

        _feed.Durable(1);
        Assert.Equal(["1.0 run_started"], Seen());
    }

    [Fact]
    public async Task A_reply_is_seen_in_pieces_only_behind_everything_that_led_to_it()
    {
        Stage(Started());
        _feed.BeginReply();
        await SayAsync("Hel", "lo");
        Assert.Empty(Seen());

        _feed.Durable(1);
        Assert.Equal(["1.0 run_started", "1.1 'Hel' at 0 of 1", "1.2 'lo' at 3 of 1"], Seen());
        Assert.Equal(["1.2 'lo' at 3 of 1"], Seen(new FrameId(1, 1)));
    }

    [Fact]
    public async Task Pieces_that_come_fast_are_sent_together()
    {
        Stage(Started(), durable: true);
        _feed.BeginReply();
        await _feed.AddAsync("a");
        await _feed.AddAsync("b");
        await _feed.AddAsync("c");
        Assert.Equal(["1.1 'a' at 0 of 1"], Seen(new FrameId(1, 0)));

        _clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(["1.1 'a' at 0 of 1", "1.2 'bc' at 1 of 1"], Seen(new FrameId(1, 0)));
    }

    [Fact]
    public async Task What_was_seen_live_is_what_a_replay_gives()
    {
        Stage(Started(), durable: true);
        _feed.BeginReply();
        await SayAsync("I thi", "nk ");
        _feed.DiscardReply();
        await SayAsync("Look", "ing.");
        var live = Seen();
        var reply = Finish("Looking.", ("a", "look"));
        Assert.Equal(live, Seen());
        _feed.Durable(2);
        Stage(Begins("a", "look", ToolEffect.Read));
        Stage(Returns("a", "look"), durable: true);
        _feed.BeginReply();
        await SayAsync("Do", "ne");
        Finish("Done");
        Stage(new RunCompleted { Answer = "Done" }, durable: true);

        Assert.Equal(["1.1 'I thi' at 0 of 1", "1.2 'nk ' at 5 of 1", "1.3 discarded 1", "1.4 'Look' at 0 of 2", "1.5 'ing.' at 4 of 2"], live[1..]);
        Assert.Equal([4, 4], reply.DeltaLengths);
        Assert.Equal(Seen(), Replayed());
        Assert.Equal(["5.0 model_replied", "6.0 run_completed"], [.. Seen(new FrameId(4, 2)).Select(frame => frame)]);
    }

    [Fact]
    public async Task A_complete_reply_stands_also_when_the_run_ends_before_it_is_durable()
    {
        Stage(Started(), durable: true);
        _feed.BeginReply();
        await SayAsync("Do", "ne");
        Finish("Done");

        Assert.Null(_feed.Abandon());
        Assert.Equal(["1.1 'Do' at 0 of 1", "1.2 'ne' at 2 of 1"], Seen(new FrameId(1, 0)));
    }

    [Fact]
    public async Task A_reply_that_was_mended_after_it_was_sent_is_another_attempt_in_one_piece()
    {
        Stage(Started(), durable: true);
        _feed.BeginReply();
        await SayAsync("<call>sum</call>");
        Finish("", ("a", "sum"));
        _feed.Durable(2);

        Assert.Equal(["1.1 '<call>sum</call>' at 0 of 1", "1.2 discarded 1", "2.0 model_replied"], Seen(new FrameId(1, 0)));
        Assert.Equal(Seen(), Replayed());
    }

    [Fact]
    public void A_reply_nobody_watched_is_one_piece()
    {
        Stage(Started());
        Stage(Says("All of it."), durable: true);
        Assert.Equal(["1.0 run_started", "1.1 'All of it.' at 0 of 1", "2.0 model_replied"], Seen());
    }

    [Fact]
    public async Task A_run_that_ends_in_the_middle_of_a_reply_keeps_what_was_sent_of_it()
    {
        Stage(Started(), durable: true);
        _feed.BeginReply();
        await SayAsync("Half a");
        var sent = _feed.Abandon();
        Stage(new RunTimedOut { Discarded = sent }, durable: true);

        Assert.Equal(["1.1 'Half a' at 0 of 1", "1.2 discarded 1", "2.0 run_timed_out"], Seen(new FrameId(1, 0)));
        Assert.Equal(Seen(), Replayed());
    }

    [Fact]
    public void After_a_takeover_what_was_sent_of_a_reply_is_void()
    {
        Stage(Started());
        Stage(Resumed);
        Stage(Says("Again."), durable: true);
        Assert.Equal(["2.0 run_resumed", "2.1 discarded 1", "2.2 'Again.' at 0 of 2", "3.0 model_replied"], Seen(new FrameId(1, 7)));
    }

    [Fact]
    public void Leaving_the_queue_or_a_wait_voids_nothing()
    {
        Stage(Started() with { Queued = true });
        Stage(Resumed with { FromQueue = true });
        Stage(Says("Now."), durable: true);
        Assert.Equal(["2.0 run_resumed", "2.1 'Now.' at 0 of 1", "3.0 model_replied"], Seen(new FrameId(1, 0)));
    }

    [Fact]
    public void A_watcher_is_told_when_there_is_more()
    {
        Stage(Started());
        var (_, changed) = _feed.Read(FrameId.Start, 10);
        Assert.False(changed.IsCompleted);

        _feed.Durable(1);
        Assert.True(changed.IsCompleted);
    }

    [Fact]
    public void Much_is_read_a_part_at_a_time()
    {
        Stage(Started());
        Stage(Says("x"), durable: true);
        Assert.Equal(2, _feed.Read(FrameId.Start, 2).Frames.Count);
        Assert.Equal("2.0", _feed.Read(new FrameId(1, 1), 2).Frames.Single().Id.ToString());
    }

    private void Stage(RunEvent next, bool durable = false)
    {
        next = next with { Seq = _events.Count + 1, At = Noon };
        _events.Add(next);
        _feed.Staged(next);
        if (durable)
        {
            _feed.Durable(next.Seq);
        }
    }

    private async Task SayAsync(params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(25));
            await _feed.AddAsync(piece);
        }
    }

    private ModelReplied Finish(string text, params (string Id, string Tool)[] calls)
    {
        var (lengths, discarded) = _feed.Finish(text);
        var reply = (calls.Length == 0 ? Says(text) : Calls(calls) with { Text = text }) with { DeltaLengths = lengths, Discarded = discarded };
        Stage(reply);
        return reply;
    }

    private List<string> Seen(FrameId after = default) => [.. _feed.Read(after, int.MaxValue).Frames.Select(Words)];

    /// <summary>The same run as somebody sees it who comes after its end, from what is stored.</summary>
    private List<string> Replayed()
    {
        var feed = new RunFeed(_clock);
        feed.Reset(_events);
        return [.. feed.Read(FrameId.Start, int.MaxValue).Frames.Select(Words)];
    }

    private static string Words(RunFrame frame) => frame switch
    {
        { Event: { } happened } => $"{frame.Id} {Name(happened)}",
        { Delta: { } delta } => $"{frame.Id} '{delta.Text}' at {delta.Offset} of {delta.Attempt}",
        _ => $"{frame.Id} discarded {frame.Discarded!.Attempt}",
    };

    private static string Name(RunEvent happened) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(happened.GetType().Name);
}
