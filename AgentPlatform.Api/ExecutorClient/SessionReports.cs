using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Tells a session what the person was told when its run could not answer.</summary>
internal sealed class SessionReports(IHttpClientFactory clients, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider)
{
    private static readonly JsonTypeInfo<ToldAnswer> Json = (JsonTypeInfo<ToldAnswer>)WireJson.Options.GetTypeInfo(typeof(ToldAnswer));

    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.CallsClient);
    private readonly TimeSpan _longest = options.Value.ReportDeadline;

    /// <returns>Whether the session has it.</returns>
    public async Task<bool> TellAsync(ToldAnswer told, Deadline deadline, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(deadline.AtMost(_longest).Remaining, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"sessions/{Uri.EscapeDataString(told.SessionId)}/told")
        {
            Content = JsonContent.Create(told, Json),
        };
        request.Headers.Add(InternalWire.TenantHeader, told.TenantId);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
