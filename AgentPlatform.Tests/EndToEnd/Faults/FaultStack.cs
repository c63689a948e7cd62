using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Api.Streaming;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>The stack of <c>docs/try-the-ladder.md</c>: the built-in model twice, and the agent that the page has people write.</summary>
public sealed class FaultStack : IAsyncLifetime
{
    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;

    internal RunningStack Stack { get; private set; } = null!;

    /// <summary>The page itself.</summary>
    internal static string Page => File.ReadAllText(Path.Combine(Snapshot.Root(), "docs/try-the-ladder.md"));

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "agents"), "*.yaml"))
        {
            File.Copy(file, Path.Combine(_agents, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(Path.Combine(_agents, "ladder.yaml"), PageBlocks.Yaml(Page), TestContext.Current.CancellationToken);
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Environment = new Dictionary<string, string?>
            {
                ["Models__second__Provider"] = "builtin",
                ["Agents__Directory"] = _agents,
                // A busy machine is no reason to go on without the cache here, or without what the run has to say.
                ["AnswerCache__Deadline"] = "00:00:05",
                ["Fallback__Grace"] = "00:00:01",
            },
        });
    }

    internal Task<StackReply> AskAsync(JsonObject body, string? fault, params (string Name, string Value)[] headers) =>
        Stack.SendAsync(HttpMethod.Post, "/agent", JsonContent.Create(body), fault is null ? headers : [.. headers, ("X-Fault", fault)]);

    /// <summary>The events of the same question with <c>stream</c>.</summary>
    internal async Task<List<Sse.Event>> StreamAsync(JsonObject body, string fault)
    {
        var streamed = (JsonObject)body.DeepClone();
        streamed["stream"] = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(streamed) };
        request.Headers.Add("X-Fault", fault);
        await using var stream = await Sse.OpenAsync(Stack.Http, request);
        return await stream.AllAsync();
    }

    internal static JsonObject Question(string question, string agent = "default", double timeout = 1) =>
        new() { ["question"] = question, ["agent"] = agent, ["timeout"] = timeout };

    internal static string? Degradation(JsonElement body) => body.GetProperty("degraded") is { ValueKind: JsonValueKind.Object } degraded
        ? $"{degraded.GetProperty("level").GetString()}/{degraded.GetProperty("reason").GetString()}"
        : null;

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        Directory.Delete(_agents, recursive: true);
    }
}
