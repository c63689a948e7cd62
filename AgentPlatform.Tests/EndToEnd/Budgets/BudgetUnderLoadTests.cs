using System.Collections.Concurrent;
using System.Net;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Budgets;

/// <summary>Two hundred requests at once against a budget for fifty, on two executors, one of which is killed while the model holds its replies back.</summary>
public sealed class BudgetUnderLoadTests : IAsyncLifetime
{
    private const int Requests = 200;
    private const int Allowed = 50;

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeModelServer _model = null!;
    private RunningStack _stack = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_agents, "default.yaml"), "name: default\ndescription: Waits.\ninstructions: Answer.\ncache: { enabled: false }\n", Cancellation);
        _model = await FakeModelServer.StartAsync(Cancellation);
        _model.Always(request => FakeReply.Echo(request) with { HeldBack = _release.Task });
        _stack = await RunningStack.StartAsync(new StackSettings
        {
            Executors = 2,
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = _model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["Agents__Directory"] = _agents,
                ["Budgets__Tenant__Runs"] = $"{Allowed}",
                ["Budgets__Tenant__Tokens"] = "100000000",
                ["Budgets__Tenant__Window"] = "Month",
                ["Budgets__SweepEvery"] = "00:00:01",
                ["Budgets__ReturnAfter"] = "00:00:03",
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        if (_model is not null)
        {
            await _model.DisposeAsync();
        }

        Directory.Delete(_agents, recursive: true);
    }

    [Fact]
    public async Task Exactly_the_allowed_number_passes_and_a_kill_leaks_nothing()
    {
        var replies = new ConcurrentQueue<StackReply>();
        var asking = Enumerable.Range(0, Requests).Select(AskAsync).ToList();
        await Eventually.TrueAsync(
            () => replies.Count == Requests - Allowed, () => $"{replies.Count} of {Requests - Allowed} were refused, the model was asked {_model.Count} times", TimeSpan.FromSeconds(60));

        Assert.All(replies, reply =>
        {
            Assert.Equal((HttpStatusCode.TooManyRequests, "budget_exceeded"), (reply.Status, reply["code"].GetString()));
            Assert.Equal(("tenant", "runs", Allowed, Allowed), (
                reply["budget"].GetProperty("scope").GetString(), reply["budget"].GetProperty("unit").GetString(), reply["budget"].GetProperty("limit").GetInt32(),
                reply["budget"].GetProperty("used").GetInt32() + reply["budget"].GetProperty("reserved").GetInt32()));
        });
        Assert.Equal((0, Allowed), await RunsAsync());

        _stack.Signal("executor-2", Signals.Kill);
        _release.SetResult();
        await Task.WhenAll(asking);

        var passed = replies.Where(reply => reply.Status == HttpStatusCode.OK).ToList();
        Assert.Equal((Allowed, Requests - Allowed), (passed.Count, replies.Count(reply => reply.Status == HttpStatusCode.TooManyRequests)));
        await Eventually.TrueAsync(async () => await RunsAsync() is (Allowed, 0), () => _stack.Output);
        var tokens = 0L;
        foreach (var reply in passed)
        {
            tokens += (await ReadAsync($"/runs/{reply.RunId}"))["usage"].GetProperty("total_tokens").GetInt64();
        }

        Assert.True(tokens > 0);
        Assert.Equal((tokens, 0), await UseAsync("tokens"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _stack.AskAsync("One more?")).Status);

        async Task AskAsync(int number) => replies.Enqueue(await _stack.AskAsync($"Question {number}?", timeout: 120));
    }

    private Task<(long Used, long Reserved)> RunsAsync() => UseAsync("runs");

    private async Task<(long Used, long Reserved)> UseAsync(string unit)
    {
        var use = (await ReadAsync("/budgets"))["budgets"][0].GetProperty(unit);
        return (use.GetProperty("used").GetInt64(), use.GetProperty("reserved").GetInt64());
    }

    /// <summary>Who is asked first may be the executor that was killed, until it is back or known to be gone.</summary>
    private async Task<StackReply> ReadAsync(string path)
    {
        StackReply? reply = null;
        await Eventually.TrueAsync(async () => (reply = await _stack.GetAsync(path)).Status == HttpStatusCode.OK, () => $"{reply?.Body}");
        return reply!;
    }
}
