using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// The executors' catalogue of agents, asked for again when it is older than two seconds: once for everybody who needs it,
/// and by its ETag. With no executor to be reached the last one seen is used.
/// </summary>
internal sealed partial class AgentDirectory(
    IHttpClientFactory clients, ExecutorEndpoints endpoints, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider, ILogger<AgentDirectory> logger)
{
    private static readonly JsonTypeInfo<AgentInfo[]> Json = (JsonTypeInfo<AgentInfo[]>)WireJson.Options.GetTypeInfo(typeof(AgentInfo[]));

    private readonly HttpClient _http = clients.CreateClient(ExecutorClientRegistration.CallsClient);
    private readonly ExecutorClientOptions _options = options.Value;
    private readonly Lock _gate = new();
    private AgentCatalogue? _last;
    private long? _askedAt;
    private Task<AgentCatalogue?>? _refresh;

    /// <summary>The catalogue, at most two seconds old while an executor answers; null when none was ever seen.</summary>
    public ValueTask<AgentCatalogue?> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_refresh is null && _askedAt is { } asked && timeProvider.GetElapsedTime(asked) < _options.CatalogueAge)
            {
                return ValueTask.FromResult(_last);
            }

            // Of nobody's token: one caller who leaves must not take it from the others.
            _refresh ??= RefreshAsync();
            return new ValueTask<AgentCatalogue?>(_refresh.WaitAsync(cancellationToken));
        }
    }

    private async Task<AgentCatalogue?> RefreshAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var last = Volatile.Read(ref _last);
        try
        {
            last = await AskAsync(last);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            LogNotAnswered(exception.Message);
        }
        finally
        {
            lock (_gate)
            {
                _last = last;
                _askedAt = timeProvider.GetTimestamp();
                _refresh = null;
            }
        }

        return last;
    }

    private async Task<AgentCatalogue?> AskAsync(AgentCatalogue? last)
    {
        using var deadline = new CancellationTokenSource(_options.CatalogueDeadline, timeProvider);
        using var request = new HttpRequestMessage(HttpMethod.Get, "agents");
        if (last?.ETag is { } etag)
        {
            request.Headers.IfNoneMatch.Add(etag);
        }

        using var response = await SendAsync(request, deadline.Token);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return last;
        }

        response.EnsureSuccessStatusCode();
        var agents = await response.Content.ReadFromJsonAsync(Json, deadline.Token) ?? [];
        return new AgentCatalogue(agents.ToFrozenDictionary(agent => agent.Name, StringComparer.Ordinal), response.Headers.ETag);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It holds the catalogue in memory: one that cannot say it within the deadline will not say anything else either.
            endpoints.PassOver(request);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The catalogue of agents was not renewed: {Cause}")]
    private partial void LogNotAnswered(string cause);
}
