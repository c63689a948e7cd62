using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Api.Streaming;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>A stack with two APIs before one executor, and a model server that counts.</summary>
public sealed class TwoFronts : IAsyncLifetime
{
    /// <summary>Who has a quota here: so many requests in an hour.</summary>
    public const string LimitedTenant = "limited";
    public const int LimitedRequests = 200;

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;

    public FakeModelServer Model { get; private set; } = null!;

    internal RunningStack Stack { get; private set; } = null!;

    /// <summary>A client of each API.</summary>
    internal IReadOnlyList<HttpClient> Fronts { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_agents, "default.yaml"),
            """
            name: default
            description: An agent of the tests.
            instructions: Answer.
            tools: [calculator]
            cache: { ttl: 30m, jitter: 0 }
            """,
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_agents, "other.yaml"),
            """
            name: other
            description: Another agent of the tests.
            instructions: Answer.
            cache: { case: ignore, unicode: nfkc }
            """,
            TestContext.Current.CancellationToken);
        Model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Apis = 2,
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = Model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Agents__Directory"] = _agents,
                // A busy machine is no reason to go on without the cache here.
                ["AnswerCache__Deadline"] = "00:00:05",
                ["Quotas__Deadline"] = "00:00:05",
                [$"Quotas__Tenants__{LimitedTenant}__Requests"] = $"{LimitedRequests}",
                [$"Quotas__Tenants__{LimitedTenant}__Period"] = "01:00:00",
            },
        });
        Fronts =
        [
            .. new[] { "api-1", "api-2" }.Select(name => new HttpClient(new SocketsHttpHandler { UseProxy = false })
            {
                BaseAddress = new Uri(Stack.Processes[name].Address),
            }),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var front in Fronts)
        {
            front.Dispose();
        }

        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        if (Model is not null)
        {
            await Model.DisposeAsync();
        }

        Directory.Delete(_agents, recursive: true);
    }

    /// <summary>The requests for this question so far.</summary>
    internal int ModelCalls(string question) => Model.Requests.Count(request => request.LastUserText == question);

    internal async Task<(HttpResponseMessage Response, JsonElement Body)> AskAsync(
        int front, string question, string agent = "default", string? cacheControl = null, string? session = null)
    {
        using var request = Request(new { question, agent, timeout = 60.0, session_id = session }, cacheControl);
        var response = await Fronts[front].SendAsync(request, TestContext.Current.CancellationToken);
        return (response, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    internal async Task<Sse> StreamAsync(int front, string question)
    {
        using var request = Request(new { question, stream = true, timeout = 60.0 });
        return await Sse.OpenAsync(Fronts[front], request);
    }

    /// <summary>Questions that both fronts have received.</summary>
    internal async Task<double> AskedAsync() => await AskedAsync("api-1") + await AskedAsync("api-2");

    private async Task<double> AskedAsync(string front) => (await Stack.ScrapeAsync(front)).Samples.GetValueOrDefault("agent_requests_total");

    private static HttpRequestMessage Request(object body, string? cacheControl = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(body) };
        if (cacheControl is not null)
        {
            request.Headers.Add("Cache-Control", cacheControl);
        }

        return request;
    }
}
