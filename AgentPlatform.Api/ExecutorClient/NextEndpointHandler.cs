namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// Before service discovery: lets it choose again while it hands out executors that are passed over. When all of them are, one is asked anyway:
/// better a slow answer than none.
/// </summary>
internal sealed class NextEndpointHandler(ExecutorEndpoints endpoints) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<bool> Anyway = new("executor.anyway");

    public static HttpResponseMessage PassedOver() => new PassedOverResponse();

    /// <summary>The request is not passed on again.</summary>
    public static bool MustAsk(HttpRequestMessage request) => request.Options.TryGetValue(Anyway, out var anyway) && anyway;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // They come in turn, and others take turns too: twice the number of those to be avoided meets another, if there is one.
        for (var tries = 2 * endpoints.Count; ; tries--)
        {
            if (tries == 0)
            {
                request.Options.Set(Anyway, true);
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (response is not PassedOverResponse)
            {
                return response;
            }

            response.Dispose();
        }
    }

    private sealed class PassedOverResponse : HttpResponseMessage;
}
