using System.Net.Http.Headers;
using System.Text;
using AgentPlatform.ServiceDefaults.Secrets;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>
/// Takes our secrets out of the errors of model servers, some of which repeat the key they refuse. The client makes the text of its exceptions of such a body, and so it
/// would reach logs and spans.
/// </summary>
internal sealed class SecretFreeErrors(SecretMask secrets) : DelegatingHandler
{
    /// <summary>An error that is longer says nothing more.</summary>
    private const int Longest = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        response.ReasonPhrase = response.ReasonPhrase is { } reason ? secrets.Hide(reason) : null;
        var type = response.Content.Headers.ContentType?.MediaType;
        var said = await ReadAsync(response.Content, cancellationToken);
        response.Content.Dispose();
        response.Content = new StringContent(secrets.Hide(said), Encoding.UTF8);
        response.Content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return response;
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[Longest];
        var length = await body.ReadAtLeastAsync(bytes, Longest, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
