using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Tests.Api.Streaming;
using AgentPlatform.Tests.Executor.Tools;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>Something does not answer any more, wherever it is: the caller has a labelled answer 3 s after the timeout, and 0.25 s for the way.</summary>
public sealed class StallTests : IAsyncLifetime
{
    private const double Timeout = 0.5;
    private const int Tries = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(Timeout + 3.25);

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;
    private DeafServer _deaf = null!;
    private FakeModelServer _model = null!;
    private WebSite _site = null!;
    private RunningStack _stack = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _deaf = await DeafServer.StartAsync();
        _model = await FakeModelServer.StartAsync(Stop);
        _site = await WebSite.StartAsync(routes => routes.MapGet("/silent", () => Task.Delay(System.Threading.Timeout.Infinite, Stop)), Stop);
        foreach (var (name, more) in new[] { ("default", "tools: [http_get]"), ("deaf", "model: deaf"), ("chat", "") })
        {
            await File.WriteAllTextAsync(
                Path.Combine(_agents, $"{name}.yaml"), $"name: {name}\ndescription: An agent of the tests.\ninstructions: Answer.\n{more}\n", Stop);
        }

        Script("headers", FakeReply.Stalls(FakeStall.BeforeHeaders));
        Script("first token", FakeReply.Stalls(FakeStall.AfterHeaders));
        Script("mid-stream", FakeReply.Stalls(FakeStall.MidStream));
        Script("tool", FakeReply.Call("http_get", $$"""{"url":"http://127.0.0.1:{{_site.Port}}/silent"}"""));
        _stack = await RunningStack.StartAsync(new StackSettings
        {
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = _model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Models__deaf__Endpoint"] = $"http://127.0.0.1:{_deaf.Port}/v1",
                ["Models__deaf__Model"] = "deaf-model",
                ["Agents__Directory"] = _agents,
                ["Tools__HttpGet__AllowedHosts__0"] = $"127.0.0.1:{_site.Port}",
            },
        });
    }

    [Fact]
    public async Task Wherever_something_stalls_there_is_a_labelled_answer_in_time()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Postgres is stopped with all its processes, which are found in /proc.");
        await Task.WhenAll(
            TryAsync("connect", "deaf", stream: false, "default/timeout"),
            TryAsync("connect, watched", "deaf", stream: true, "default/timeout"),
            TryAsync("headers", "chat", stream: false, "default/timeout"),
            TryAsync("first token", "chat", stream: true, "default/timeout"),
            TryAsync("mid-stream", "chat", stream: true, "default/timeout"),
            TryAsync("tool", "default", stream: false, "default/timeout"));

        await WithStoppedAsync("cache", () => TryAsync("headers, and the cache", "chat", stream: false, "default/timeout"));
        await WithStoppedAsync("postgres", async () =>
        {
            // Two waves: before anybody has noticed, and when the executor knows.
            foreach (var wave in (string[])["unnoticed", "noticed"])
            {
                await Task.WhenAll(
                    TryAsync($"database {wave}", "chat", stream: false, "direct/timeout", "direct/database_unavailable"),
                    TryAsync($"database {wave}, watched", "chat", stream: true, "direct/timeout", "direct/database_unavailable"),
                    TryAsync($"database {wave}, in a session", "chat", stream: false, session: "s", headers: [], "direct/timeout", "direct/database_unavailable"),
                    TryAsync($"database {wave}, under a key", "chat", stream: false, session: null, headers: ["Idempotency-Key"], "database_unavailable", "executor_unavailable"));
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        await _site.DisposeAsync();
        await _model.DisposeAsync();
        _deaf.Dispose();
        Directory.Delete(_agents, recursive: true);
    }

    private Task TryAsync(string point, string agent, bool stream, params string[] expected) =>
        TryAsync(point, agent, stream, session: null, headers: [], expected);

    private Task TryAsync(string point, string agent, bool stream, string? session, string[] headers, params string[] expected) =>
        Task.WhenAll(Enumerable.Range(0, Tries).Select(async number =>
        {
            var body = new JsonObject { ["question"] = $"{point} {number}", ["agent"] = agent, ["timeout"] = Timeout, ["stream"] = stream };
            if (session is not null)
            {
                body["session_id"] = $"{session}-{point.Length}-{number}";
            }

            var started = TimeProvider.System.GetTimestamp();
            var (status, answer) = await AskAsync(body, [.. headers.Select(header => (header, $"{point.Replace(' ', '-')}-{number}"))]);
            var took = TimeProvider.System.GetElapsedTime(started);
            var label = status == HttpStatusCode.OK ? FaultStack.Degradation(answer) : answer.GetProperty("code").GetString();
            Assert.True(took < Longest && expected.Contains(label), $"{point} {number}: {label} after {took.TotalSeconds:0.000} s: {answer}");
        }));

    private async Task<(HttpStatusCode Status, JsonElement Body)> AskAsync(JsonObject body, (string Name, string Value)[] headers)
    {
        if (!body["stream"]!.GetValue<bool>())
        {
            var reply = await _stack.SendAsync(HttpMethod.Post, "/agent", JsonContent.Create(body), headers);
            return (reply.Status, reply.Body);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(body) };
        await using var stream = await Sse.OpenAsync(_stack.Http, request);
        var events = await stream.AllAsync();
        Assert.Equal("done", events[^1].Name);
        return (HttpStatusCode.OK, events[^1].Data);
    }

    private void Script(string point, FakeReply reply) =>
        _model.When(request => request.LastUserText.StartsWith(point, StringComparison.Ordinal), request => request.LastToolResult is null ? reply : FakeReply.Answer("Done."));

    private async Task WithStoppedAsync(string name, Func<Task> act)
    {
        var processes = ProcessTree.Of(_stack.Processes[name].Pid!.Value);
        Assert.All(processes, process => Signals.Send(process, Signals.Stop));
        try
        {
            await act();
        }
        finally
        {
            Assert.All(processes, process => Signals.Send(process, Signals.Continue));
        }
    }
}
