using AgentPlatform.Tests.Executor.Tools.Mcp;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>
/// Two APIs before one executor, which tests may kill, and a model server that they script by the words of their question: for those who speak to it as
/// OpenAI's clients do, and for what holds over all APIs or over the loss of a process.
/// </summary>
public sealed class OpenAIStack(NodePackages node) : IAsyncLifetime
{
    /// <summary>What each tenant that has a quota here may ask in an hour.</summary>
    public const int LimitedRequests = 200;

    public static readonly IReadOnlyList<string> LimitedTenants = ["limited1", "limited2", "limited3"];

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;

    public FakeModelServer Model { get; private set; } = null!;

    /// <summary>A client of each API.</summary>
    internal IReadOnlyList<HttpClient> Fronts { get; private set; } = [];

    internal RunningStack Stack { get; private set; } = null!;

    /// <summary>What a client takes for OpenAI's address.</summary>
    internal Uri Endpoint => new(Fronts[0].BaseAddress!, "/v1");

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
        using var server = await node.ProcessAsync(McpBench.Shifting);
        Model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Apis = 2,
            Environment = new Dictionary<string, string?>(LimitedTenants.SelectMany(Quota))
            {
                ["OPENAI_BASE_URL"] = Model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Agents__Directory"] = _agents,
                // A busy machine is no reason to go on without the cache here, or to take a slow executor for gone.
                ["AnswerCache__Deadline"] = "00:00:05",
                ["Quotas__Deadline"] = "00:00:05",
                ["ExecutorClient__ReattachWithin"] = "00:00:45",
                // A child that does not end by itself.
                ["Tools__Mcp__Servers__stubborn__Command"] = server.StartInfo.FileName,
                ["Tools__Mcp__Servers__stubborn__Arguments__0"] = server.StartInfo.ArgumentList[0],
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

    /// <summary>Scripts the model for one question.</summary>
    public void When(string question, Func<FakeModelRequest, FakeReply> reply) =>
        Model.When(request => request.LastUserText == question, reply);

    /// <summary>What the model was shown of the conversation with this question, without the agent's instructions.</summary>
    public IReadOnlyList<string> ShownWith(string question) =>
        [.. Model.Requests.Last(request => request.LastUserText == question).Messages.EnumerateArray().Skip(1).Select(message => message.GetProperty("content").ToString())];

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

    private static KeyValuePair<string, string?>[] Quota(string tenant) =>
    [
        new($"Quotas__Tenants__{tenant}__Requests", $"{LimitedRequests}"),
        new($"Quotas__Tenants__{tenant}__Period", "01:00:00"),
    ];
}
