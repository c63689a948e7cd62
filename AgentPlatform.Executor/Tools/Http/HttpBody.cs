using System.Net.Mime;
using System.Text;
using AgentPlatform.Executor.Tools.HttpGet;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>The text of a response, read no further than its cap.</summary>
/// <param name="Media">Its media type; plain text when the server named none.</param>
/// <param name="Cut">There was more.</param>
internal sealed record HttpBody(string Media, string Text, bool Cut)
{
    /// <summary>Null when the body is no text, or compressed though that was not asked for: it could not be bounded.</summary>
    /// <exception cref="HttpRequestException">The connection broke.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<HttpBody?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        var media = MediaOf(content);
        if (!IsText(media) || IsEncoded(content))
        {
            return null;
        }

        var buffer = new byte[maxBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var more = read == buffer.Length && await stream.ReadAsync(new byte[1], cancellationToken) > 0;
        var text = Decode(buffer.AsSpan(0, read), content.Headers.ContentType?.CharSet);
        return new HttpBody(media, media is MediaTypeNames.Text.Html or "application/xhtml+xml" ? HtmlText.Reduce(text) : text, more);
    }

    public static string MediaOf(HttpContent content) => content.Headers.ContentType?.MediaType ?? MediaTypeNames.Text.Plain;

    public static bool IsEncoded(HttpContent content) => content.Headers.ContentEncoding.Any(encoding => encoding is not "identity");

    private static bool IsText(string media) =>
        media.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)
        || media.ToLowerInvariant() is "application/json" or "application/xml" or "application/yaml" or "application/x-yaml"
            or "application/javascript" or "application/jsonl" or "application/x-ndjson";

    private static string Decode(ReadOnlySpan<byte> bytes, string? charset)
    {
        var name = charset?.Trim('"', ' ') ?? "utf-8";
        Encoding encoding;
        try
        {
            encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            encoding = Encoding.UTF8;
        }

        using var reader = new StreamReader(new MemoryStream(bytes.ToArray()), encoding, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
