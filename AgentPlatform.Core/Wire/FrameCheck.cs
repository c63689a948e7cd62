namespace AgentPlatform.Core.Wire;

/// <summary>
/// Tells whether the pieces shown of a run are those its journal has. Each event accounts for the pieces before it; an executor that died before it recorded a reply
/// leaves pieces that no event accounts for, and the next event of the run says so by being another than they belong to.
/// </summary>
public sealed class FrameCheck
{
    private readonly FrameWriter _writer = new();
    private readonly List<RunFrame> _since = [];
    private List<RunFrame> _behind = [];

    /// <summary>What the journal has between the last event and the one before, as a replay gives it.</summary>
    public IReadOnlyList<RunFrame> Stored { get; private set; } = [];

    /// <summary>How many pieces were shown there.</summary>
    public int Shown { get; private set; }

    /// <summary>The next frame of the run from its beginning, in order.</summary>
    /// <returns>False for an event that does not account for the pieces shown before it.</returns>
    public bool Next(RunFrame frame)
    {
        if (frame.Event is not { } happened)
        {
            _since.Add(frame);
            return true;
        }

        var frames = new List<RunFrame>(_behind);
        _writer.Write(happened, FrameId.Start, frames);
        var place = frames.FindIndex(known => known.Event is not null);
        Stored = frames.GetRange(0, place);
        _behind = frames.GetRange(place + 1, frames.Count - place - 1);
        var stands = Stored.SequenceEqual(_since);
        Shown = _since.Count;
        _since.Clear();
        return stands;
    }
}
