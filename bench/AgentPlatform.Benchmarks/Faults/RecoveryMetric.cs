using System.Globalization;
using System.Text.RegularExpressions;
using AgentPlatform.Benchmarks.Stack;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>
/// What the executors themselves count as <c>agent_recovery_seconds</c>, collected every second: a process that is killed takes its counts along.
/// </summary>
internal sealed partial class RecoveryMetric(FaultyPlatform platform) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = Client();
    private readonly Dictionary<int, List<(double Bound, long Count)>> _last = [];

    public async Task CollectAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAll(platform.ReadyExecutors().Select(executor => ReadAsync(executor, stop)));
            await ((Task)timer.WaitForNextTickAsync(stop).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Upper bound of the bucket that holds the percentile, in seconds; NaN when nothing was counted.</summary>
    public double Percentile(double percent)
    {
        var buckets = _last.Values.SelectMany(each => each).GroupBy(bucket => bucket.Bound).OrderBy(group => group.Key)
            .Select(group => (Bound: group.Key, Count: group.Sum(bucket => bucket.Count))).ToList();
        var all = buckets.Count == 0 ? 0 : buckets[^1].Count;
        return all == 0 ? double.NaN : buckets.First(bucket => bucket.Count >= all * percent / 100).Bound;
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        client.DefaultRequestHeaders.Add(InternalWire.KeyHeader, StackUnderLoad.InternalKey);
        return client;
    }

    private async Task ReadAsync(StackResource executor, CancellationToken stop)
    {
        try
        {
            var text = await _http.GetStringAsync(new Uri($"{executor.Address}/metrics"), stop);
            var buckets = Bucket().Matches(text).Select(match => (Bound(match.Groups["le"].Value), (long)Number(match.Groups["n"].Value))).ToList();
            lock (_last)
            {
                _last[executor.Pid!.Value] = buckets;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // Gone, or hung: what it counted last stands.
        }
    }

    private static double Bound(string text) => text == "+Inf" ? double.PositiveInfinity : Number(text);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^agent_recovery_seconds_bucket\{[^}]*le="(?<le>[^"]+)"[^}]*\} (?<n>[0-9.e+]+)""", RegexOptions.Multiline)]
    private static partial Regex Bucket();
}
