using System.Net.Http.Headers;
using System.Text;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>A run through the whole platform: <c>POST /agent</c> with a question nobody asked before, answered with one tool round.</summary>
internal sealed class PlatformRuns(Uri api, int connections) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly byte[] ToolRound = "\"iterations\":1"u8.ToArray();
    private static readonly byte[] Undegraded = "\"degraded\":null"u8.ToArray();
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(CannedModel.Answer);

    private readonly HttpClient _http = RawHttp.NewClient(connections);
    private readonly Uri _address = new(api, "/agent");
    private readonly string _session = Guid.CreateVersion7().ToString("N");
    private long _asked;

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var question = $$"""{"question":"What is 17% of 2340, plus 3^4? ({{_session}}-{{Interlocked.Increment(ref _asked)}})"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question)) };
        request.Content.Headers.ContentType = Json;
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            && body.AsSpan().IndexOf(Answer) >= 0
            && body.AsSpan().IndexOf(ToolRound) >= 0
            && body.AsSpan().IndexOf(Undegraded) >= 0;
    }

    public void Dispose() => _http.Dispose();
}
