using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Core.Wire;

/// <summary>
/// Which frames a run's events are, and under which positions. A pure function of the events: what a watcher saw live and what is replayed later
/// come from the same lines, so they are equal. The one thing a replay cannot know are pieces that were sent by an executor which died
/// before it recorded the reply: <see cref="ReplyDiscarded"/> after <see cref="RunResumed"/> voids them.
/// </summary>
public sealed class FrameWriter
{
    private int _openCalls;

    /// <summary>Position of the last frame.</summary>
    public FrameId Last { get; private set; }

    /// <summary>The attempt the next reply is, from 1.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>Every frame of a journal.</summary>
    public static List<RunFrame> FramesOf(IEnumerable<RunEvent> events)
    {
        var writer = new FrameWriter();
        var frames = new List<RunFrame>();
        foreach (var next in events)
        {
            writer.Write(next, FrameId.Start, frames);
        }

        return frames;
    }

    /// <param name="frames">Gets the event's frames whose position is after <paramref name="after"/>.</param>
    public void Write(RunEvent next, FrameId after, List<RunFrame> frames)
    {
        foreach (var attempt in next.Discarded ?? [])
        {
            WriteDeltas(attempt.Text, attempt.DeltaLengths, after, frames);
            Discard(after, frames);
        }

        if (next is ModelReplied reply)
        {
            WriteDeltas(reply, after, frames);
            _openCalls += reply.ToolCalls.Count;
            Attempt = 1;
        }

        Last = new FrameId(next.Seq, 0);
        Add(new RunFrame { Event = next }, after, frames);
        switch (next)
        {
            case ToolReturned:
                _openCalls--;
                break;
            case RunResumed { FromQueue: false, FromWait: false } when _openCalls == 0:
                Discard(after, frames);
                break;
        }
    }

    /// <summary>The pieces of <paramref name="text"/> by their lengths.</summary>
    public void WriteDeltas(string text, IReadOnlyList<int> lengths, FrameId after, List<RunFrame> frames)
    {
        var offset = 0;
        foreach (var length in lengths)
        {
            Last = Last with { N = Last.N + 1 };
            if (Last > after)
            {
                frames.Add(new RunFrame { Delta = new ReplyDelta(Last.Seq, Last.N, text.Substring(offset, length), offset, Attempt) });
            }

            offset += length;
        }
    }

    /// <summary>The pieces of this attempt are void; another begins.</summary>
    public void Discard(FrameId after, List<RunFrame> frames)
    {
        Last = Last with { N = Last.N + 1 };
        Add(new RunFrame { Discarded = new ReplyDiscarded(Last.Seq, Last.N, Attempt) }, after, frames);
        Attempt++;
    }

    private void WriteDeltas(ModelReplied reply, FrameId after, List<RunFrame> frames)
    {
        // A reply that nobody watched is one piece, so that the pieces of a stream always add up to what was said.
        WriteDeltas(reply.Text, reply.DeltaLengths ?? (reply.Text.Length > 0 ? [reply.Text.Length] : []), after, frames);
    }

    private static void Add(RunFrame frame, FrameId after, List<RunFrame> frames)
    {
        if (frame.Id > after)
        {
            frames.Add(frame);
        }
    }
}
