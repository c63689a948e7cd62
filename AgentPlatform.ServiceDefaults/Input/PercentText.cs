using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace AgentPlatform.ServiceDefaults.Input;

/// <summary>Reads percent-encoded text strictly. The server itself leaves in place what it cannot decode.</summary>
internal static class PercentText
{
    /// <summary>C0 but the tab, U+007F and C1.</summary>
    public static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(character => char.IsControl(character) && character != '\t')]);

    public static PercentTextKind Read(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%'))
        {
            return PercentTextKind.Good;
        }

        var bytes = new byte[text.Length];
        var length = 0;
        for (var at = 0; at < text.Length; at++, length++)
        {
            if (text[at] != '%')
            {
                // The server lets nothing but ASCII through unescaped.
                bytes[length] = (byte)text[at];
            }
            else if (at + 2 < text.Length && byte.TryParse(text.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                at += 2;
            }
            else
            {
                return PercentTextKind.BadEscape;
            }
        }

        return !Utf8.IsValid(bytes.AsSpan(0, length)) ? PercentTextKind.NotUtf8
            : HasControl(bytes.AsSpan(0, length)) ? PercentTextKind.Control
            : PercentTextKind.Good;
    }

    /// <summary>Of valid UTF-8: C1 is two bytes, the first of them C2.</summary>
    private static bool HasControl(ReadOnlySpan<byte> utf8)
    {
        for (var at = 0; at < utf8.Length; at++)
        {
            if (utf8[at] is < 0x20 or 0x7F || (utf8[at] == 0xC2 && utf8[at + 1] < 0xA0))
            {
                return true;
            }
        }

        return false;
    }
}
