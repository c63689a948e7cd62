using System.Net.Http.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Api.Contract;
using Xunit;

namespace AgentPlatform.Tests.Api.Streaming;

/// <summary>Executors, an API in front of them, and clients that watch; a run of fixed events to be shown.</summary>
public abstract class StreamedRuns : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }
    }

    internal async Task<FakeExecutor> ExecutorAsync(Func<FakeRun, Task>? onRun = null, Func<FakeRun, Task>? onFrames = null)
    {
        var executor = Keep(await FakeExecutor.StartAsync(onRun));
        executor.OnFrames = onFrames ?? executor.OnFrames;
        return executor;
    }

    internal HttpClient Front(params FakeExecutor[] executors) =>
        Keep(ApiProcess.Start([.. executors.Select(executor => executor.Address)])).CreateDefaultClient();

    internal async Task<Sse> AskAsync(HttpClient client, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return Keep(await Sse.OpenAsync(client, request));
    }

    internal async Task<Sse> WatchAsync(HttpClient client, Guid runId, string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/runs/{runId}/events");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        return Keep(await Sse.OpenAsync(client, request));
    }

    /// <summary>A run with a tool call and a reply in three pieces, beyond a position.</summary>
    internal static IEnumerable<RunFrame> Story(FakeRun run, FrameId after = default)
    {
        RunFrame[] frames =
        [
            new() { Event = run.Started() },
            new()
            {
                Event = new ModelReplied
                {
                    Seq = 2, At = At(1), Model = "model-1", Text = "", ToolCalls = [new ToolCall("c1", "calculator", """{"expression":"2+2"}""")],
                    Usage = new Usage(10, 2, null, false), DurationMs = 900, FinishReason = "tool_calls",
                },
            },
            new() { Event = new ToolReturned { Seq = 3, At = At(1), CallId = "c1", Tool = "calculator", Result = "4", DurationMs = 3 } },
            new() { Delta = new ReplyDelta(3, 1, "It ", 0, 1) },
            new() { Delta = new ReplyDelta(3, 2, "is ", 3, 1) },
            new() { Delta = new ReplyDelta(3, 3, "\n四", 6, 1) },
            new()
            {
                Event = new ModelReplied
                {
                    Seq = 4, At = At(2), Model = "model-1", Text = Answer, DeltaLengths = [3, 3, 2], Usage = new Usage(20, 3, null, false), DurationMs = 800,
                },
            },
            new() { Event = new RunCompleted { Seq = 5, At = At(2.5), Answer = Answer, Iterations = 1 } },
        ];
        return frames.Where(frame => frame.Id > after);
    }

    internal static string[] Ids => ["1.0 run_started", "2.0 model_replied", "3.0 tool_returned", "3.1 delta", "3.2 delta", "3.3 delta", "4.0 model_replied", " done"];

    internal const string Answer = "It is \n四";

    internal static async Task TellAsync(FakeRun run)
    {
        foreach (var frame in Story(run, run.After))
        {
            await run.SendAsync(frame);
        }

        await run.CompleteAsync(Answer);
    }

    internal static DateTimeOffset At(double seconds) => FakeRun.StartedAt.AddSeconds(seconds);

    private protected T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
