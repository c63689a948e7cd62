using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AgentPlatform.Executor.Tools.Http;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools.HttpGet;

/// <summary>Reads the text of a web page or an HTTP API.</summary>
internal sealed class HttpGetPlugin(HttpGetClient client, IOptions<HttpGetOptions> options)
{
    private readonly int _maxBytes = options.Value.MaxBytes;

    [KernelFunction("http_get")]
    [Description("Fetches a public http or https URL with GET and returns its status and its text; HTML is reduced to readable text.")]
    [ToolEffect(ToolEffect.Read, DeadlineSeconds = 20, MaxResultLength = 20_000, Untrusted = true)]
    public async Task<string> GetAsync(
        [Description("Absolute URL, for example https://example.org/page")][StringLength(2_048, MinimumLength = 1)] string url,
        ToolCallContext call,
        CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(url, call, cancellationToken);
        var media = HttpBody.MediaOf(response.Content);
        if (HttpBody.IsEncoded(response.Content))
        {
            throw new ToolException("The server sent a compressed body that was not asked for.");
        }

        var body = await ReadAsync(response.Content, cancellationToken)
            ?? throw new ToolException($"The URL answered {(int)response.StatusCode} with {media}, which is not text.");
        var head = string.Create(
            CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}, {media}, {response.RequestMessage!.RequestUri}\n\n");
        return body.Cut ? $"{head}{body.Text}\n[only the first {_maxBytes} bytes were read]" : head + body.Text;
    }

    private async Task<HttpBody?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            return await HttpBody.ReadAsync(content, _maxBytes, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ToolException("The connection broke while the page was being read.", innerException: exception);
        }
    }
}
