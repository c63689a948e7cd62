using System.Text.Json;
using AgentPlatform.Api.OpenAI.Responses;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Executor.Runs;
using CsCheck;
using Xunit;

namespace AgentPlatform.Tests.Api.OpenAI.Responses;

/// <summary>A response's events are a function of its run's journal.</summary>
public sealed class ResponseFoldTests
{
    private const int Cases = 2000;

    private static readonly Guid Run = Guid.CreateVersion7(RunScript.Noon);

    [Fact]
    public void Numbers_are_contiguous_and_one_last_event_ends_every_stream() => Journals.Any.Sample(
        journal =>
        {
            var events = Whole(journal);
            Assert.Equal(Enumerable.Range(0, events.Count), events.Select(next => next.SequenceNumber));
            Assert.Equal([events.Count - 1], events.Index().Where(next => IsLast(next.Item)).Select(next => next.Index));
            Assert.Equal("response.created", events[0].Type);
        },
        iter: Cases);

    [Fact]
    public void Whoever_reads_at_any_moment_reads_the_beginning_of_what_is_read_later() => Gen.Select(Journals.Any, Gen.Int[0, 40]).Sample(
        (journal, cut) =>
        {
            var now = Told(FrameWriter.FramesOf(journal.Take(Math.Min(cut, journal.Length - 1))));
            Assert.Equal(now, Texts(Whole(journal)).Take(now.Count));
        },
        iter: Cases);

    [Fact]
    public void Every_item_that_begins_ends_and_the_answer_is_the_only_output() => Journals.Any.Sample(
        journal =>
        {
            var events = Whole(journal);
            Assert.Equal(
                events.Where(next => next.Type == ResponseEvent.ItemAdded).Select(next => next.OutputIndex),
                events.Where(next => next.Type == ResponseEvent.ItemDone).Select(next => next.OutputIndex));
            var output = events[^1].Response!.Output.OfType<OutputMessage>().Select(item => item.Content[0].Text);
            string[] answer = journal[^1] is RunCompleted completed ? [completed.Answer] : [];
            Assert.Equal(answer, output);
            foreach (var item in events.Where(next => next is { Type: ResponseEvent.ItemDone, Item: OutputMessage }))
            {
                var deltas = events.Where(next => next.Type == ResponseEvent.TextDelta && next.ItemId == item.Item!.Id).Select(next => next.Delta);
                Assert.Equal(((OutputMessage)item.Item!).Content[0].Text, string.Concat(deltas));
            }
        },
        iter: Cases);

    [Fact]
    public void Pieces_that_no_event_accounts_for_end_the_stream_of_those_who_saw_them_and_of_nobody_else() => Gen.Select(Journals.Any, Gen.Int[1, 5]).Sample(
        (journal, lost) =>
        {
            // The executor that wrote the next event died in the middle of a reply; another took the run over.
            var at = 1 + (lost % Math.Max(1, journal.Length - 1));
            RunEvent[] before = journal[..at];
            if (before[^1] is RunCompleted or RunFailed or RunTimedOut or RunCancelled)
            {
                return;
            }

            var known = FrameWriter.FramesOf(before);
            var last = known[^1].Id!.Value;
            var pieces = Enumerable.Range(1, lost).Select(n => new RunFrame { Delta = new ReplyDelta(last.Seq, last.N + n, "?", n - 1, 9) });
            RunEvent[] after = [.. before, RunScript.Resumed with { Seq = at + 1 }, RunScript.Says("So.") with { Seq = at + 2 }, new RunCompleted { Answer = "So.", Seq = at + 3 }];
            List<RunFrame> seen = [.. known, .. pieces, .. FrameWriter.FramesOf(after).Skip(known.Count)];

            var live = new ResponseFold(Run);
            var shown = seen.SelectMany(live.Apply).ToList();
            Assert.True(live.IsBroken);
            Assert.Equal(ResponseEvent.Failed, shown[^1].Type);
            Assert.Equal(Enumerable.Range(0, shown.Count), shown.Select(next => next.SequenceNumber));
            Assert.Equal(Told(known), Texts(shown).Take(Told(known).Count));

            // Who comes later reads what the journal has, also from where others were shown more.
            var buffer = new FrameBuffer(long.MaxValue);
            seen.ForEach(buffer.Add);
            Assert.Equal(Texts(Whole(after)), Told(ReadAll(buffer)));
        },
        iter: Cases);

    private static List<RunFrame> ReadAll(FrameBuffer buffer)
    {
        var all = new List<RunFrame>();
        while (buffer.Read(all.Count > 0 ? all[^1].Id!.Value : FrameId.Start, untilWaiting: false).Frames is { Count: > 0 } more)
        {
            all.AddRange(more);
        }

        return all;
    }

    private static List<ResponseEvent> Whole(RunEvent[] journal)
    {
        var fold = new ResponseFold(Run);
        var events = FrameWriter.FramesOf(journal).SelectMany(fold.Apply).ToList();
        return [.. events, .. fold.IsOver ? [] : fold.End()];
    }

    private static List<string> Told(IEnumerable<RunFrame> frames)
    {
        var fold = new ResponseFold(Run);
        return Texts(frames.SelectMany(fold.Apply));
    }

    private static List<string> Texts(IEnumerable<ResponseEvent> events) =>
        [.. events.Select(next => JsonSerializer.Serialize(next, ResponsesJson.Spoken.ResponseEvent))];

    private static bool IsLast(ResponseEvent next) => next.Type is ResponseEvent.Completed or ResponseEvent.Failed or ResponseEvent.Incomplete;
}
