using System.Globalization;
using System.Net.Http.Headers;
using AgentPlatform.Benchmarks.Load;
using AgentPlatform.Benchmarks.Stack;
using AgentPlatform.Benchmarks.Throughput;

namespace AgentPlatform.Benchmarks.CacheHits;

/// <summary>
/// How fast a question is answered from the cache, beside an endpoint that does nothing but one Redis GET. The two take turns within each round: judge by
/// the ratio.
/// </summary>
internal static class CacheHitCommand
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly byte[] Question = """{"question":"What is 17% of 2340, plus 3^4?"}"""u8.ToArray();
    private static readonly byte[] Cached = "\"cached\":true"u8.ToArray();

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = ThroughputOptions.Parse(arguments);
        await using var model = await CannedModel.StartAsync(cancellationToken);
        await using var stack = await StackUnderLoad.StartAsync(model.BaseUrl, cancellationToken);
        await using var yardstick = await RedisGetServer.StartAsync(stack.RedisConnection(), cancellationToken);
        using var http = RawHttp.NewClient(options.Connections);
        await HitAsync(http, stack.Address, cancellationToken);

        var ratios = new List<double>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            // The first is for the JIT.
            var time = round == 0 ? options.WarmUp / 2 : options.Duration;
            var hit = await LoadLoop.RunAsync(options.Connections, time, (_, stop) => HitAsync(http, stack.Address, stop), cancellationToken);
            var get = await LoadLoop.RunAsync(options.Connections, time, (_, stop) => GetAsync(http, yardstick.Address, stop), cancellationToken);
            if (round > 0)
            {
                ratios.Add(hit.PerSecond / get.PerSecond);
                Print("cache hit", hit);
                Print("one GET", get);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"cache hit / one GET: {string.Join(", ", ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))}"));
        return 0;
    }

    private static async Task<bool> HitAsync(HttpClient http, Uri api, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, "/agent")) { Content = new ByteArrayContent(Question) };
        request.Content.Headers.ContentType = Json;
        using var response = await http.SendAsync(request, cancellationToken);
        return (await response.Content.ReadAsByteArrayAsync(cancellationToken)).AsSpan().IndexOf(Cached) >= 0;
    }

    private static async Task<bool> GetAsync(HttpClient http, Uri yardstick, CancellationToken cancellationToken)
    {
        // The same request, so that both sides read as much.
        using var request = new HttpRequestMessage(HttpMethod.Post, yardstick) { Content = new ByteArrayContent(Question) };
        request.Content.Headers.ContentType = Json;
        using var response = await http.SendAsync(request, cancellationToken);
        return (await response.Content.ReadAsByteArrayAsync(cancellationToken)).Length > 0;
    }

    private static void Print(string name, LoadResult load) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-10} {load.PerSecond,8:0}/s  p50 {load.Milliseconds(50):0.00} ms  p99 {load.Milliseconds(99):0.00} ms  {load.Errors} errors {load.FirstError}"));
}
