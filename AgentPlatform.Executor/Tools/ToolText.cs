using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Executor.Tools;

/// <summary>Turns what a tool returned into text that is safe to journal and to show to a model.</summary>
internal static class ToolText
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(c => IsDropped(c) || char.IsSurrogate(c))]);

    /// <summary>A string as it is, anything else as JSON.</summary>
    public static string From(object? value) => value switch
    {
        null => "Done.",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => JsonSerializer.Serialize(value, ToolPlugins.Json),
    };

    /// <summary>
    /// Without control characters (line feed and tab stay) and without lone surrogates: Postgres refuses U+0000,
    /// UTF-8 the surrogates, and a terminal obeys the rest.
    /// </summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAny(Suspicious) < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                clean.Append(c).Append(text[++i]);
            }
            else if (!char.IsSurrogate(c) && !IsDropped(c))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    /// <summary>At most <paramref name="length"/> code units, the mark of the cut included.</summary>
    public static string Cap(string text, int length, out bool truncated)
    {
        truncated = text.Length > length;
        if (!truncated)
        {
            return text;
        }

        var mark = string.Create(
            CultureInfo.InvariantCulture, $"\n[cut here: the result has {text.Length} characters, at most {length} are shown]");
        var kept = Math.Max(0, length - mark.Length);
        if (kept > 0 && char.IsHighSurrogate(text[kept - 1]))
        {
            kept--;
        }

        return string.Concat(text.AsSpan(0, kept), mark);
    }

    private static bool IsDropped(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
