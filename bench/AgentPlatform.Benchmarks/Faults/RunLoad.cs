using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Benchmarks.Throughput;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>
/// Keeps a number of runs open, whatever happens to the platform: four of five in the background, the fifth with a client that waits for the
/// answer; half of them in sessions; every tenth books, which may end as a question to a person.
/// </summary>
internal sealed class RunLoad(FaultyPlatform platform, FaultOptions options) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = RawHttp.NewClient(options.Open + 8);
    private readonly ConcurrentQueue<TrackedRun> _ended = new();
    private int _started;
    private int _accepted;
    private int _unrecorded;

    public IReadOnlyCollection<TrackedRun> Ended => _ended;

    /// <summary>Runs the platform took on, and questions it answered.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Questions that were answered by the ladder, or refused, before any run of theirs began.</summary>
    public int Unrecorded => Volatile.Read(ref _unrecorded);

    /// <summary>Starts runs until there are <see cref="FaultOptions.Runs"/> or <paramref name="enough"/> says so, and returns when all have ended.</summary>
    public async Task RunAsync(CancellationToken enough, CancellationToken cancellationToken) => await Task.WhenAll(
        Enumerable.Range(0, options.Open).Select(worker => Task.Run(() => LoopAsync(worker, enough, cancellationToken), cancellationToken)));

    public void Dispose() => _http.Dispose();

    private async Task LoopAsync(int worker, CancellationToken enough, CancellationToken cancellationToken)
    {
        while (!enough.IsCancellationRequested && Interlocked.Increment(ref _started) is var number && number <= options.Runs)
        {
            var watch = Stopwatch.StartNew();
            var runId = worker % 5 == 4
                ? await AskAsync(number, cancellationToken)
                : await StartAsync(number, cancellationToken);
            if (runId is not null)
            {
                var waited = watch.Elapsed;
                Interlocked.Increment(ref _accepted);
                var run = await EndAsync(runId, cancellationToken);
                _ended.Enqueue(worker % 5 == 4 ? run with { Waited = waited } : run);
            }
            else
            {
                Interlocked.Increment(ref _unrecorded);
            }
        }
    }

    /// <summary>A foreground question; its run's id when it had one that the journal knows.</summary>
    private async Task<string?> AskAsync(int number, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "/agent", Body(number, timeout: 60), key: null, cancellationToken);
        return status == HttpStatusCode.OK && body!.Value.GetProperty("run_id").GetString() is { } runId
            && (await SendAsync(HttpMethod.Get, $"/runs/{runId}", body: null, key: null, cancellationToken)).Status is not HttpStatusCode.NotFound
            ? runId
            : null;
    }

    /// <summary>A background run, posted under one key until it is accepted.</summary>
    private async Task<string?> StartAsync(int number, CancellationToken cancellationToken)
    {
        var key = Guid.CreateVersion7().ToString();
        while (true)
        {
            var (status, body) = await SendAsync(HttpMethod.Post, "/runs", Body(number, timeout: 300), key, cancellationToken);
            if (status == HttpStatusCode.Accepted)
            {
                return body!.Value.GetProperty("run_id").GetString();
            }

            if (status is not (null or HttpStatusCode.ServiceUnavailable))
            {
                throw new InvalidOperationException($"POST /runs: {status} {body}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<TrackedRun> EndAsync(string runId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (status, body) = await SendAsync(HttpMethod.Get, $"/runs/{runId}", body: null, key: null, cancellationToken);
            if (status == HttpStatusCode.NotFound)
            {
                return new TrackedRun(runId, "", "lost", []);
            }

            if (status == HttpStatusCode.OK && TrackedRun.Of(body!.Value) is { Status: not ("queued" or "running") } ended)
            {
                return ended;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static JsonContent Body(int number, double timeout) => JsonContent.Create(new
    {
        question = string.Create(CultureInfo.InvariantCulture, $"Number {number}"),
        agent = number % 10 == 9 ? "booker" : "counter",
        session_id = number % 2 == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"session-{number}"),
        timeout,
    });

    /// <returns>No status when the connection broke.</returns>
    private async Task<(HttpStatusCode? Status, JsonElement? Body)> SendAsync(
        HttpMethod method, string path, JsonContent? body, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(platform.Stack.Address, path)) { Content = body };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (null, null);
        }
    }
}
