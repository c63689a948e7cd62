using System.Net;
using System.Text;
using AgentPlatform.Tests.Api.Contract;
using Xunit;

namespace AgentPlatform.Tests.Api.Admission;

/// <summary>The API itself with room for one question and a queue for one more.</summary>
public sealed class SheddingTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeExecutor _executor = null!;
    private ApiProcess _api = null!;
    private HttpClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _executor = await FakeExecutor.StartAsync(async run =>
        {
            await run.HeartbeatAsync();
            await _answer.Task;
            await run.CompleteAsync(run.Request.Question);
        });
        _api = ApiProcess.Start([_executor.Address], ("Admission:MaxConcurrent", "1"), ("Admission:MaxQueued", "1"));
        _client = _api.CreateDefaultClient();
    }

    public async ValueTask DisposeAsync()
    {
        _answer.TrySetResult();
        _client.Dispose();
        await _api.DisposeAsync();
        await _executor.DisposeAsync();
    }

    [Fact]
    public async Task Beyond_its_bounds_the_API_refuses_at_once_and_goes_on_when_there_is_room()
    {
        var first = AskAsync("/agent", "first");
        await Wait.UntilAsync(() => _executor.Runs.Count == 1, "the first question is with the executor");
        var second = AskAsync("/agent", "second");
        await Wait.UntilAsync(async () => (await MetricsAsync()).Contains("agent_queue_depth 1", StringComparison.Ordinal), "the second question waits");

        // The body is not read: what is wrong with it does not matter yet.
        foreach (var (path, question) in new[] { ("/agent", "third"), ("/runs", "fourth"), ("/agent", "") })
        {
            using var refused = await AskAsync(path, question);
            await Problems.ReadAsync(refused, HttpStatusCode.ServiceUnavailable, "overloaded", null);
            Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        }

        Assert.Contains("agent_shed_total{where=\"api_queue\"} 3", await MetricsAsync(), StringComparison.Ordinal);
        Assert.Single(_executor.Runs);
        await Others_are_not_shed();

        _answer.SetResult();
        foreach (var (asked, question) in new[] { (first, "first"), (second, "second") })
        {
            using var answered = await asked;
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
            Assert.Contains(question, await answered.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }

        using var later = await AskAsync("/agent", "later");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task A_stream_holds_its_place_until_its_end()
    {
        using var stream = await SendAsync("/agent", """{"question":"streamed","stream":true}""", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var second = AskAsync("/agent", "second");
        await Wait.UntilAsync(async () => (await MetricsAsync()).Contains("agent_queue_depth 1", StringComparison.Ordinal), "the second question waits");

        using var refused = await AskAsync("/agent", "third");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        _answer.SetResult();
        Assert.Contains("event: done", await stream.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var answered = await second;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private async Task Others_are_not_shed()
    {
        foreach (var path in new[] { "/alive", "/ready", "/metrics", "/agents" })
        {
            using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), Stop);
            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
        }

        // The scripted executor knows no such route; a refusal of ours would be a 503.
        using var cancel = await _client.PostAsync(new Uri($"/runs/{Guid.CreateVersion7()}/cancel", UriKind.Relative), null, Stop);
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, cancel.StatusCode);
    }

    private Task<string> MetricsAsync() => _client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Stop);

    private Task<HttpResponseMessage> AskAsync(string path, string question) => SendAsync(path, $$"""{"question":"{{question}}"}""");

    private async Task<HttpResponseMessage> SendAsync(
        string path, string body, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await _client.SendAsync(request, until, Stop);
    }
}
