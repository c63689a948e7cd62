using System.Buffers;
using System.Globalization;
using System.Text;
using AgentPlatform.ServiceDefaults.Secrets;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// Text fit for a log: without secrets, and without the invisible marks that make a line look like another one to whoever reads it. These are written out
/// (<c>\u202e</c>): what was sent stays known.
/// </summary>
internal sealed class LogText(SecretMask secrets)
{
    /// <summary>Changes of the writing direction, and the byte order mark.</summary>
    private static readonly SearchValues<char> Disguises =
        SearchValues.Create("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff");

    internal string Of(string text)
    {
        var shown = secrets.HideAll(text);
        return shown.AsSpan().ContainsAny(Disguises) ? WrittenOut(shown) : shown;
    }

    private static string WrittenOut(string text)
    {
        var written = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = Disguises.Contains(character)
                ? written.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")
                : written.Append(character);
        }

        return written.ToString();
    }
}
