using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Core.Wire;

/// <summary>
/// One line of the executor's answer to <c>POST executor/runs</c> and <c>GET executor/runs/{id}/frames</c>: exactly one member
/// is set; none of them is a heartbeat, sent each second. The last line has <see cref="Outcome"/>.
/// </summary>
public sealed record RunFrame
{
    /// <summary>A durable event; sent only to those who watch.</summary>
    public RunEvent? Event { get; init; }

    /// <summary>Text of the reply being written; sent only to those who watch.</summary>
    public ReplyDelta? Delta { get; init; }

    /// <summary>What was sent of a reply is void; sent only to those who watch.</summary>
    public ReplyDiscarded? Discarded { get; init; }

    public RunOutcome? Outcome { get; init; }

    /// <summary>Position in the stream; null for a heartbeat and for the outcome.</summary>
    [JsonIgnore]
    public FrameId? Id =>
        Event is { } happened ? new FrameId(happened.Seq, 0)
        : Delta is { } delta ? new FrameId(delta.Seq, delta.N)
        : Discarded is { } discarded ? new FrameId(discarded.Seq, discarded.N)
        : null;

    public static RunFrame Heartbeat { get; } = new();
}

/// <summary>A piece of the reply being written.</summary>
/// <param name="Seq">Sequence of the last event before it.</param>
/// <param name="N">Counts the pieces, and what was discarded, after that event, from 1.</param>
/// <param name="Text">The piece.</param>
/// <param name="Offset">Where it begins in the reply, UTF-16 code units.</param>
/// <param name="Attempt">The attempt at this reply, from 1.</param>
public sealed record ReplyDelta(long Seq, int N, string Text, int Offset, int Attempt);

/// <summary>The pieces of one attempt at a reply are void: the model broke off, or the executor did.</summary>
/// <param name="Seq">Sequence of the last event before it.</param>
/// <param name="N">Its place after that event, from 1.</param>
/// <param name="Attempt">The attempt that is void, from 1.</param>
public sealed record ReplyDiscarded(long Seq, int N, int Attempt);
