using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>One who asks something that has been answered before, and a load balancer that asks whether the API is ready; each time on a connection of its own.</summary>
internal sealed class HealthyClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public HealthyClient(Uri api, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero, ActivityHeadersPropagator = null })
        {
            BaseAddress = api,
            Timeout = Patience,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Questions and looks in turn, evenly over the time whatever becomes of those before.</summary>
    public async Task<Probes> ProbeAsync(int probes, TimeSpan duration, CancellationToken cancellationToken)
    {
        var result = new Probes();
        var asked = new List<Task>();
        using var timer = new PeriodicTimer(duration / (2 * probes));
        for (var n = 0; n < probes; n++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            asked.Add(TimeAsync(result.Questions, result, AskAsync, cancellationToken));
            await timer.WaitForNextTickAsync(cancellationToken);
            asked.Add(TimeAsync(result.Looks, result, LookAsync, cancellationToken));
        }

        await Task.WhenAll(asked);
        return result;
    }

    public void Dispose() => _http.Dispose();

    private static async Task TimeAsync(List<double> times, Probes probes, Func<CancellationToken, Task<string?>> ask, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        string? wrong;
        try
        {
            wrong = await ask(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            wrong = exception.Message;
        }

        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        lock (probes)
        {
            times.Add(took);
            if (wrong is not null)
            {
                probes.Failed++;
                probes.FirstFailure ??= wrong;
            }
        }
    }

    private async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        using var question = new StringContent("""{"question":"What is 17% of 2340, plus 3^4?"}""", Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri("/agent", UriKind.Relative), question, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode && body.Contains("\"degraded\":null", StringComparison.Ordinal) ? null : body;
    }

    private async Task<string?> LookAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri("/ready", UriKind.Relative), cancellationToken);
        return response.IsSuccessStatusCode ? null : response.StatusCode.ToString();
    }
}
