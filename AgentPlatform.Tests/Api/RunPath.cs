using AgentPlatform.Api.Agent;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api;

/// <summary>Redis, executors and fronts for one test, and a question nobody asked before.</summary>
public abstract class RunPath(TestRedis redis) : IClassFixture<TestRedis>, IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _started = [];

    internal AgentQuestion Question { get; } = new() { TenantId = "local", Question = $"What is {Guid.CreateVersion7()}?", Timeout = 20 };

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>An address where nobody listens.</summary>
    protected static string Nobody => $"http://127.0.0.1:{TestRedis.FreePort()}";

    protected TestRedis Redis => redis;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }
    }

    internal async Task<FakeExecutor> ExecutorAsync(Func<FakeRun, Task>? onRun = null) => Keep(await FakeExecutor.StartAsync(onRun));

    internal Task<Front> FrontAsync(FakeExecutor executor, params (string Key, string Value)[] settings) =>
        FrontAsync([executor.Address], settings);

    internal async Task<Front> FrontAsync(IEnumerable<string> executors, params (string Key, string Value)[] settings) =>
        Keep(await Front.StartAsync(redis, executors, settings));

    protected T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
