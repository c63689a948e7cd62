using System.Globalization;
using AgentPlatform.Benchmarks.Stack;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>The whole stack with the two agents of these scenarios, and what can be done to it.</summary>
internal sealed class FaultyPlatform : IAsyncDisposable
{
    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;

    private FaultyPlatform(OutsideWorld world) => World = world;

    public OutsideWorld World { get; }

    public StackUnderLoad Stack { get; private set; } = null!;

    public static async Task<FaultyPlatform> StartAsync(FaultOptions options, CancellationToken cancellationToken)
    {
        var platform = new FaultyPlatform(await OutsideWorld.StartAsync(cancellationToken));
        try
        {
            platform.WriteAgent("counter", "look, count");
            platform.WriteAgent("booker", "look, book");
            platform.Stack = await StackUnderLoad.StartAsync(platform.World.ModelUrl, options.Executors, platform.Settings(), cancellationToken);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<StackResource> ReadyExecutors() => [.. Stack.Resources().Where(resource => resource is { IsExecutor: true, IsReady: true })];

    /// <summary>Returns when as many executors are ready as there should be.</summary>
    public async Task UntilReadyAsync(int executors, CancellationToken cancellationToken)
    {
        while (ReadyExecutors().Count < executors)
        {
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        await World.DisposeAsync();
        Directory.Delete(_agents, recursive: true);
    }

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string> { ["Agents__Directory"] = _agents };
        foreach (var (name, effect) in new[] { ("look", "Read"), ("count", "Idempotent"), ("book", "Write") })
        {
            settings[$"Tools__Http__{name}__Description"] = $"To {name}.";
            settings[$"Tools__Http__{name}__Method"] = "POST";
            settings[$"Tools__Http__{name}__Url"] = $"{World.Url}/{name}";
            settings[$"Tools__Http__{name}__Effect"] = effect;
            settings[$"Tools__Http__{name}__AllowPrivate"] = "true";
            settings[$"Tools__Http__{name}__Parameters__n__Type"] = "integer";
        }

        return settings;
    }

    private void WriteAgent(string name, string tools) => File.WriteAllText(
        Path.Combine(_agents, $"{name}.yaml"),
        string.Create(CultureInfo.InvariantCulture, $$"""
        name: {{name}}
        description: An agent of the benchmarks.
        instructions: Do what is asked.
        tools: [{{tools}}]
        cache: { enabled: false }
        limits: { max_iterations: 100, max_tool_calls: 100, max_repeated_calls: 100 }
        """));
}
