using System.Net;
using System.Net.Http.Headers;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>
/// Lets replies of not quite compatible servers through: the OpenAI SDK throws the whole reply away when a tool call has no id,
/// when its arguments are an object instead of text, or when the finish reason is missing. A reply without such signs is only
/// searched for three words, not parsed. Streams pass untouched.
/// </summary>
internal sealed class ReplyRepairHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return response;
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (ReplyRepair.TryRepair(body) is { } repaired)
        {
            var contentType = response.Content.Headers.ContentType;
            response.Content.Dispose();
            response.Content = new ByteArrayContent(repaired);
            response.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType.MediaType!);
        }

        return response;
    }
}
