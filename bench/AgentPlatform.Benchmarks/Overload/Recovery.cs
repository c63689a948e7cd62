using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using AgentPlatform.Benchmarks.Throughput;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>Asks, once the load is over, until a question is answered as on any other day.</summary>
internal static class Recovery
{
    private static readonly TimeSpan Normal = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <returns>How long that took; null when it did not happen.</returns>
    public static async Task<TimeSpan?> WaitAsync(Uri api, CancellationToken cancellationToken)
    {
        using var http = RawHttp.NewClient(4);
        var clock = Stopwatch.StartNew();
        for (var number = 0; clock.Elapsed < GiveUpAfter; number++)
        {
            var began = clock.Elapsed;
            if (await IsAnsweredAsync(http, api, number, cancellationToken) && clock.Elapsed - began < Normal)
            {
                return clock.Elapsed;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return null;
    }

    private static async Task<bool> IsAnsweredAsync(HttpClient http, Uri api, int number, CancellationToken cancellationToken)
    {
        var question = $$"""{"question":"{{CannedModel.NoDelay}} {{Guid.CreateVersion7()}}-{{number}}"}""";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(question));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync(new Uri(api, "/agent"), content, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode && body.Contains("\"degraded\":null", StringComparison.Ordinal);
    }
}
