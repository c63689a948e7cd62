using System.Globalization;

namespace AgentPlatform.Core.Wire;

/// <summary>
/// Position in a run's stream: <c>{seq}.{n}</c>. A journal event has <c>n = 0</c>; the pieces of the reply being written after it count from 1. Also the
/// <c>id</c> of a server-sent event, so that a client that comes back says how far it got.
/// </summary>
public readonly record struct FrameId(long Seq, int N) : IComparable<FrameId>
{
    /// <summary>Before everything.</summary>
    public static FrameId Start { get; }

    public static bool operator <(FrameId left, FrameId right) => left.CompareTo(right) < 0;

    public static bool operator >(FrameId left, FrameId right) => left.CompareTo(right) > 0;

    public static bool operator <=(FrameId left, FrameId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FrameId left, FrameId right) => left.CompareTo(right) >= 0;

    /// <returns>False when the text is no position.</returns>
    public static bool TryParse(string? text, out FrameId id)
    {
        id = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot <= 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            return false;
        }

        id = new FrameId(seq, n);
        return true;
    }

    public int CompareTo(FrameId other) => Seq != other.Seq ? Seq.CompareTo(other.Seq) : N.CompareTo(other.N);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}.{N}");
}
