using AgentPlatform.Api.Problems;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>The export of a tenant, as an executor writes it: passed on as it comes, and never held.</summary>
internal sealed class TenantExports(IHttpClientFactory clients, TimeProvider timeProvider)
{
    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.CallsClient);

    /// <returns>The answer of which only the head was read; the caller's to dispose.</returns>
    public async Task<OrProblem<HttpResponseMessage>> BeginAsync(string tenant, CancellationToken cancellationToken)
    {
        using var request = ExecutorCalls.Request(HttpMethod.Get, tenant, "tenant/export");
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                return ExecutorCalls.PassOn(await ExecutorProblem.ReadAsync(response, timeProvider, cancellationToken));
            }
        }
        catch (HttpRequestException)
        {
        }

        return Problem.ExecutorUnavailable("No executor can answer now. Try again in a moment.");
    }
}
