using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Mime;
using System.Text;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>Reads the text of a web page or an HTTP API.</summary>
internal sealed class HttpGetPlugin(HttpGetClient client, IOptions<HttpGetOptions> options)
{
    private readonly int _maxBytes = options.Value.MaxBytes;

    [KernelFunction("http_get")]
    [Description("Fetches a public http or https URL with GET and returns its status and its text; HTML is reduced to readable text.")]
    [ToolEffect(ToolEffect.Read, DeadlineSeconds = 20, MaxResultLength = 20_000)]
    public async Task<string> GetAsync(
        [Description("Absolute URL, for example https://example.org/page")][StringLength(2_048, MinimumLength = 1)] string url,
        CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(url, cancellationToken);
        var type = response.Content.Headers.ContentType;
        var media = type?.MediaType ?? MediaTypeNames.Text.Plain;
        if (!IsText(media))
        {
            throw new ToolException($"The URL answered {(int)response.StatusCode} with {media}, which is not text.");
        }

        if (response.Content.Headers.ContentEncoding.Any(encoding => encoding is not "identity"))
        {
            throw new ToolException("The server sent a compressed body that was not asked for.");
        }

        var (bytes, cut) = await ReadAsync(response.Content, cancellationToken);
        var text = Decode(bytes, type?.CharSet);
        if (media is MediaTypeNames.Text.Html or "application/xhtml+xml")
        {
            text = HtmlText.Reduce(text);
        }

        var head = string.Create(
            CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}, {media}, {response.RequestMessage!.RequestUri}\n\n");
        return cut ? $"{head}{text}\n[only the first {_maxBytes} bytes were read]" : head + text;
    }

    private async Task<(ReadOnlyMemory<byte> Bytes, bool Cut)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[_maxBytes];
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            var more = read == buffer.Length && await stream.ReadAsync(new byte[1], cancellationToken) > 0;
            return (buffer.AsMemory(0, read), more);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ToolException("The connection broke while the page was being read.", innerException: exception);
        }
    }

    private static bool IsText(string media) =>
        media.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase)
        || media.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)
        || media.ToLowerInvariant() is "application/json" or "application/xml" or "application/yaml" or "application/x-yaml"
            or "application/javascript" or "application/jsonl" or "application/x-ndjson";

    private static string Decode(ReadOnlyMemory<byte> bytes, string? charset)
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
