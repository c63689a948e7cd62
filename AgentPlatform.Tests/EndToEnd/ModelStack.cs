using AgentPlatform.Tests.Executor.Tools;
using AgentPlatform.Tests.Executor.Tools.Mcp;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using AgentPlatform.Tests.Stack;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>
/// One stack for all tests that do it no harm, with a model server that the tests script by the words of their question, agents
/// of the tests' own beside the shipped ones, and a low threshold for what counts as slow.
/// </summary>
public sealed class ModelStack(NodePackages node) : IAsyncLifetime
{
    public const double SlowSeconds = 0.8;

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;
    private WebSite? _site;

    public FakeModelServer Model { get; private set; } = null!;

    internal RunningStack Stack { get; private set; } = null!;

    internal MeetingPoint Meeting { get; } = new();

    internal string MeetingUrl => $"http://127.0.0.1:{_site!.Port}/meet";

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "agents"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(_agents, Path.GetFileName(file)));
        }

        WriteAgent("short-lived", "cache: { ttl: 1s, stale: 1h }");
        WriteAgent("one-at-a-time", "concurrency: reject");
        WriteAgent("changing", "temperature: 0.1");
        WriteAgent("reader", "tools: [http_get]");
        WriteAgent("connected", "tools: [calculator, everything__*]");

        Model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        _site = await WebSite.StartAsync(routes => routes.MapGet("/meet", Meeting.ArriveAsync), TestContext.Current.CancellationToken);
        using var server = await node.ProcessAsync(McpBench.Everything, "stdio");
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = Model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Agents__Directory"] = _agents,
                // A busy machine is no reason to go on without the cache here.
                ["AnswerCache__Deadline"] = "00:00:05",
                ["Thresholds__SlowSeconds"] = FormattableString.Invariant($"{SlowSeconds}"),
                ["Tools__Mcp__Servers__everything__Command"] = server.StartInfo.FileName,
                ["Tools__Mcp__Servers__everything__Arguments__0"] = server.StartInfo.ArgumentList[0],
                ["Tools__Mcp__Servers__everything__TrustAnnotations"] = "true",
                ["Tools__HttpGet__AllowedHosts__0"] = $"127.0.0.1:{_site.Port}",
            },
        });
    }

    /// <summary>Writes or replaces an agent with the calculator.</summary>
    public void WriteAgent(string name, string more) => File.WriteAllText(
        Path.Combine(_agents, $"{name}.yaml"),
        $"""
        name: {name}
        description: An agent of the tests.
        instructions: Answer.
        {(more.Contains("tools:", StringComparison.Ordinal) ? "" : "tools: [calculator]")}
        {more}
        """);

    /// <summary>The requests for this question so far, oldest first.</summary>
    public IReadOnlyList<FakeModelRequest> RequestsFor(string question) =>
        [.. Model.Requests.Where(request => request.LastUserText == question)];

    /// <summary>Scripts the model for one question.</summary>
    public void When(string question, Func<FakeModelRequest, FakeReply> reply) =>
        Model.When(request => request.LastUserText == question, reply);

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        if (Model is not null)
        {
            await Model.DisposeAsync();
        }

        Directory.Delete(_agents, recursive: true);
    }
}
