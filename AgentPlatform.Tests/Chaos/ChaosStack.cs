using System.Globalization;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>
/// Three executors whose agents have effects in an outside world that counts them, and a model that takes its time:
/// <c>counter</c> looks and counts in turns (repeatable), <c>booker</c> books once in the middle (a write). A question's number of rounds is its first number.
/// </summary>
public sealed class ChaosStack : IAsyncLifetime
{
    public const int Executors = 3;
    public const string Look = "look";
    public const string Count = "count";
    public const string Book = "book";

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;

    public ChaosStack()
    {
        WriteAgent("counter", $"{Look}, {Count}");
        WriteAgent("booker", $"{Look}, {Book}");
    }

    internal FakeModelServer Model { get; private set; } = null!;

    internal EffectServer Effects { get; private set; } = null!;

    internal RunningStack Stack { get; private set; } = null!;

    internal IEnumerable<StackProcess> ExecutorProcesses =>
        Stack.Processes.Values.Where(process => process.Name.StartsWith("executor", StringComparison.Ordinal)).OrderBy(process => process.Name, StringComparer.Ordinal);

    /// <summary>Time of each reply of the model.</summary>
    public TimeSpan Thinking { get; set; }

    public async ValueTask InitializeAsync()
    {
        Model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        Model.IsRecording = false;
        Model.Always(request => Reply(request).After(Thinking));
        Effects = await EffectServer.StartAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Executors = Executors,
            Environment = new Dictionary<string, string?>(
                [.. Tool(Look, "Read"), .. Tool(Count, "Idempotent"), .. Tool(Book, "Write")])
            {
                ["OPENAI_BASE_URL"] = Model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Agents__Directory"] = _agents,
                ["Background__MaxConcurrent"] = "400",
                // Who looks into a failure wants to read why a client was sent to another executor.
                ["Logging__LogLevel__AgentPlatform.Api.ExecutorClient"] = "Debug",
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        if (Effects is not null)
        {
            await Effects.DisposeAsync();
        }

        if (Model is not null)
        {
            await Model.DisposeAsync();
        }

        Directory.Delete(_agents, recursive: true);
    }

    private static FakeReply Reply(FakeModelRequest request)
    {
        var round = request.RoundsSinceQuestion;
        var rounds = int.Parse(request.LastUserText.Split(' ')[0], CultureInfo.InvariantCulture);
        var arguments = string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{round}}}""");
        return round >= rounds ? FakeReply.Answer($"Done in {rounds} rounds, as was asked.")
            : round % 2 == 0 ? FakeReply.Call(Look, arguments)
            : request.Offers(Book) && round != rounds / 2 ? FakeReply.Call(Look, arguments)
            : FakeReply.Call(request.Offers(Book) ? Book : Count, arguments);
    }

    private Dictionary<string, string?> Tool(string name, string effect) => new()
    {
        [$"Tools__Http__{name}__Description"] = $"To {name}.",
        [$"Tools__Http__{name}__Method"] = "POST",
        [$"Tools__Http__{name}__Url"] = $"{Effects.BaseUrl}/{name}",
        [$"Tools__Http__{name}__Effect"] = effect,
        [$"Tools__Http__{name}__AllowPrivate"] = "true",
        [$"Tools__Http__{name}__Parameters__n__Type"] = "integer",
    };

    private void WriteAgent(string name, string tools) => File.WriteAllText(
        Path.Combine(_agents, $"{name}.yaml"),
        $"""
        name: {name}
        description: An agent of the tests.
        instructions: Do what is asked.
        tools: [{tools}]
        cache: {"{ enabled: false }"}
        limits: {"{ max_iterations: 100, max_tool_calls: 100, max_repeated_calls: 100 }"}
        """);
}
