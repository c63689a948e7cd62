using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Outages;

/// <summary>Two executors, a model and a spare one. Everything they need can be taken away and given back.</summary>
public sealed class OutageStack : IAsyncLifetime
{
    /// <summary>An agent with a second model.</summary>
    public const string Backed = "backed";

    /// <summary>The model thinks about questions that begin so until it is told to go on.</summary>
    public const string Slow = "Slowly: ";

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;
    private TaskCompletionSource _thought = new();
    private FakeModelServer _model = null!;
    private FakeModelServer _spare = null!;
    private int _modelPort;

    internal RunningStack Stack { get; private set; } = null!;

    internal IEnumerable<string> Executors => Stack.Processes.Keys.Where(name => name.StartsWith("executor", StringComparison.Ordinal)).Order();

    public async ValueTask InitializeAsync()
    {
        WriteAgent("default", "cache: { ttl: 1h }");
        WriteAgent(Backed, "fallback_models: [Spare]");
        _spare = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        _spare.Always(_ => FakeReply.Answer("The spare one says so."));
        await StartModelAsync();
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Executors = 2,
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = _model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Models__Spare__Provider"] = "openai",
                ["Models__Spare__Endpoint"] = _spare.BaseUrl,
                ["Models__Spare__ApiKey"] = "key-of-the-spare",
                ["Models__Spare__Model"] = "spare-model",
                ["Agents__Directory"] = _agents,
                // What is cached comes from Redis here, not from the memory of the API.
                ["AnswerCache__RememberFor"] = "00:00:00",
                ["ExecutorClient__Silence"] = "00:00:01.500",
                ["ExecutorClient__AcceptWithin"] = "00:00:02",
                // The promised times are measured elsewhere, on a machine that does nothing else.
                ["ExecutorClient__ReattachWithin"] = "00:00:45",
            },
        });
    }

    /// <summary>Makes the model's next slow thoughts last until <see cref="Think"/>.</summary>
    internal void Ponder() => _thought = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Think() => _thought.TrySetResult();

    internal Task ModelWasAskedAsync(string question) => Eventually.TrueAsync(
        () => _model.Requests.Any(request => request.LastUserText == question), () => $"the model never heard of '{question}'");

    /// <summary>The executor that has a run at work.</summary>
    internal async Task<string> WorkerAsync()
    {
        foreach (var name in Executors)
        {
            if ((await Stack.ScrapeAsync(name))["agent_active_runs"] > 0)
            {
                return name;
            }
        }

        throw new InvalidOperationException("No executor has a run at work.");
    }

    /// <summary>Both executors are there and see each other: one that hung for long ends and comes back a moment after it woke.</summary>
    internal async Task IsCompleteAsync()
    {
        var state = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var processes = Executors.Select(name => Stack.Processes[name]).ToList();
                if (processes.Exists(process => process.State != "ready"))
                {
                    return false;
                }

                var clusters = await Task.WhenAll(processes.Select(ClusterAsync));
                state = string.Join(" | ", clusters);
                return clusters[0] == clusters[1] && clusters[0].StartsWith('{') && Silos(clusters[0]) == processes.Count;
            },
            () => $"{state}{Environment.NewLine}{Stack.Output}",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Takes processes away until the result is disposed of. Who would start them again sleeps meanwhile.</summary>
    internal async Task<IAsyncDisposable> LoseAsync(Loss loss, params IEnumerable<string> processes)
    {
        var pids = processes.SelectMany(name => ProcessTree.Of(Stack.Processes[name].Pid!.Value)).ToList();
        Signals.Send(Stack.ProcessId, Signals.Stop);
        pids.ForEach(pid => Signals.Send(pid, loss == Loss.Hangs ? Signals.Stop : Signals.Kill));
        await Eventually.TrueAsync(() => !ProcessTree.IsRunning(pids), () => $"{string.Join(", ", pids)} still run");
        return new Restored(() =>
        {
            pids.ForEach(pid => Signals.Send(pid, Signals.Continue));
            Signals.Send(Stack.ProcessId, Signals.Continue);
            return ValueTask.CompletedTask;
        });
    }

    internal async Task<IAsyncDisposable> LoseModelAsync(Loss loss)
    {
        if (loss == Loss.Hangs)
        {
            _model.Always(_ => FakeReply.Stalls(FakeStall.BeforeHeaders));
            return new Restored(() =>
            {
                Script();
                return ValueTask.CompletedTask;
            });
        }

        await _model.DisposeAsync();
        return new Restored(StartModelAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        await _model.DisposeAsync();
        await _spare.DisposeAsync();
        Directory.Delete(_agents, recursive: true);
    }

    private static int Silos(string cluster) => JsonSerializer.Deserialize<JsonElement>(cluster).GetProperty("silos").GetArrayLength();

    private async Task<string> ClusterAsync(StackProcess executor)
    {
        try
        {
            using var response = await Stack.Http.GetAsync(new Uri($"{executor.Address}/health"), TestContext.Current.CancellationToken);
            return (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("cluster").GetRawText();
        }
        catch (HttpRequestException gone)
        {
            return gone.Message;
        }
    }

    private async ValueTask StartModelAsync()
    {
        _model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken, _modelPort);
        _modelPort = new Uri(_model.BaseUrl).Port;
        Script();
    }

    private void Script()
    {
        _model.ClearScript();
        _model.Always(request => FakeReply.Answer($"You said: {request.LastUserText}"));
        _model.When(
            request => request.LastUserText.StartsWith(Slow, StringComparison.Ordinal),
            request => FakeReply.Answer($"You said: {request.LastUserText}") with { HeldBack = _thought.Task });
    }

    private void WriteAgent(string name, string more) => File.WriteAllText(
        Path.Combine(_agents, $"{name}.yaml"), $"name: {name}\ndescription: An agent of the tests.\ninstructions: Answer.\n{more}\n");

    private sealed class Restored(Func<ValueTask> restore) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => restore();
    }
}
