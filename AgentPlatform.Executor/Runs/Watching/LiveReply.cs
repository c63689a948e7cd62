using System.Text;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs.Watching;

/// <summary>The reply being written, in pieces. Not thread-safe: its <see cref="RunFeed"/> locks.</summary>
/// <param name="writer">Stands after the last event before the reply.</param>
internal sealed class LiveReply(FrameWriter writer)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _pending = new();
    private readonly List<int> _lengths = [];
    private readonly List<DiscardedAttempt> _discarded = [];
    private bool _complete;

    /// <summary>Everything of this reply that watchers may see.</summary>
    public List<RunFrame> Frames { get; } = [];

    /// <summary>Sequence of the last event before the reply.</summary>
    public long After { get; } = writer.Last.Seq;

    public bool HasPending => _pending.Length > 0;

    public void Add(string piece) => _pending.Append(piece);

    /// <summary>What has gathered becomes one piece.</summary>
    public void Flush()
    {
        if (_pending.Length == 0)
        {
            return;
        }

        var piece = _pending.ToString();
        var offset = _text.Length;
        _pending.Clear();
        _text.Append(piece);
        _lengths.Add(piece.Length);
        var start = Frames.Count;
        writer.WriteDeltas(piece, [piece.Length], FrameId.Start, Frames);
        Frames[start] = new RunFrame { Delta = Frames[start].Delta! with { Offset = offset } };
    }

    /// <summary>This attempt is void. What was never sent need not be taken back.</summary>
    public void Discard()
    {
        _pending.Clear();
        if (_lengths.Count == 0)
        {
            return;
        }

        _discarded.Add(new DiscardedAttempt(_text.ToString(), [.. _lengths]));
        _text.Clear();
        _lengths.Clear();
        writer.Discard(FrameId.Start, Frames);
    }

    /// <summary>The run ends. A reply that is complete stands; any other never will be.</summary>
    /// <returns>What was sent in vain, for the journal; null when nothing was.</returns>
    public IReadOnlyList<DiscardedAttempt>? Abandon()
    {
        if (_complete)
        {
            return null;
        }

        Discard();
        return _discarded.Count > 0 ? [.. _discarded] : null;
    }

    /// <summary>What the journal must keep so that a replay gives these pieces again.</summary>
    /// <param name="text">The reply as it will be stored.</param>
    public (IReadOnlyList<int>? Lengths, IReadOnlyList<DiscardedAttempt>? Discarded) End(string text)
    {
        Flush();
        _complete = true;
        if (!string.Equals(_text.ToString(), text, StringComparison.Ordinal))
        {
            // The reply was mended after it had been sent: the mended one is another attempt, in one piece.
            Discard();
            Add(text);
            Flush();
        }

        return (_lengths.Count > 0 ? [.. _lengths] : null, _discarded.Count > 0 ? [.. _discarded] : null);
    }
}
