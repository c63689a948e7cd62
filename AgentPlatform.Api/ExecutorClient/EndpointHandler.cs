namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Behind service discovery: sees which executor a request goes to, and whether it can be reached.</summary>
internal sealed class EndpointHandler(ExecutorEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ExecutorEndpoints.Note(request);
        var endpoint = request.RequestUri!.Authority;
        if (!NextEndpointHandler.MustAsk(request) && endpoints.IsPassedOver(endpoint))
        {
            return NextEndpointHandler.PassedOver();
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            endpoints.Answered(endpoint);
            return response;
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            endpoints.PassOver(request);
            throw;
        }
    }

    /// <summary>No connection; the handler tells of its own connect timeout as of a cancellation that nobody asked for.</summary>
    private static bool IsUnreachable(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
