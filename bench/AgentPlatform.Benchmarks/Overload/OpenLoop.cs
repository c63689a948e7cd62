using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentPlatform.Benchmarks.Throughput;
using HdrHistogram;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>An open loop: requests begin at a fixed rate, whatever became of those before. Runs in a process of its own, so that it can be niced.</summary>
internal sealed class OpenLoop(GeneratorOptions options) : IDisposable
{
    private const long LongestMicroseconds = 600_000_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly double[] Shown = [50, 95, 99];
    private static readonly byte[] Undegraded = "\"degraded\":null"u8.ToArray();

    private readonly HttpClient _http = RawHttp.NewClient(int.MaxValue);
    private readonly string _session = Guid.CreateVersion7().ToString("N");
    private readonly Lock _gate = new();
    private readonly LongHistogram _answers = new(LongestMicroseconds, 3);
    private readonly LongHistogram _refusals = new(LongestMicroseconds, 3);
    private readonly LongHistogram _notFound = new(LongestMicroseconds, 3);
    private long _inTime;
    private long _degraded;
    private long _other;
    private string? _firstOther;

    public async Task<GeneratorResult> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var open = new List<Task>();
        long sent = 0;
        using var timer = new PeriodicTimer(Tick);
        while (clock.Elapsed < options.Duration && await timer.WaitForNextTickAsync(cancellationToken))
        {
            for (var due = (long)(clock.Elapsed.TotalSeconds * options.Rate); sent < due; sent++)
            {
                open.Add(AskAsync(sent, cancellationToken));
            }

            open.RemoveAll(task => task.IsCompleted);
        }

        await Task.WhenAll(open);
        return new GeneratorResult(
            sent, _answers.TotalCount, _inTime, _degraded, _refusals.TotalCount, _notFound.TotalCount, _other, _firstOther,
            Percentiles(_answers), Percentiles(_refusals), Percentiles(_notFound));
    }

    public void Dispose() => _http.Dispose();

    private async Task AskAsync(long number, CancellationToken cancellationToken)
    {
        using var request = NewRequest(number);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            Count(response, body, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            CountOther(exception.Message);
        }
    }

    private HttpRequestMessage NewRequest(long number)
    {
        if (options.Timeout == 0)
        {
            return new HttpRequestMessage(HttpMethod.Get, new Uri(options.Url, "/nowhere"));
        }

        var question = $$"""{"question":"What is 17% of 2340, plus 3^4? ({{_session}}-{{number}})","timeout":{{options.Timeout}}}""";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Url, "/agent")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question)) };
        request.Content.Headers.ContentType = Json;
        return request;
    }

    private void Count(HttpResponseMessage response, byte[] body, TimeSpan took)
    {
        var microseconds = Math.Min(LongestMicroseconds, (long)took.TotalMicroseconds);
        lock (_gate)
        {
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    _answers.RecordValue(microseconds);
                    _inTime += took.TotalSeconds <= options.Timeout ? 1 : 0;
                    _degraded += body.AsSpan().IndexOf(Undegraded) < 0 ? 1 : 0;
                    return;
                case HttpStatusCode.ServiceUnavailable when response.Headers.RetryAfter is not null:
                    _refusals.RecordValue(microseconds);
                    return;
                case HttpStatusCode.NotFound:
                    _notFound.RecordValue(microseconds);
                    return;
            }
        }

        CountOther($"{(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    private void CountOther(string what)
    {
        lock (_gate)
        {
            _other++;
            _firstOther ??= what;
        }
    }

    private static double[] Percentiles(LongHistogram histogram) =>
        [.. Shown.Select(percentile => histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0)];
}
