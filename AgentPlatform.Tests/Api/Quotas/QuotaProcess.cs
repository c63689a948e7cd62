using AgentPlatform.Api.Quotas;
using AgentPlatform.ServiceDefaults.Telemetry;
using AgentPlatform.Tests.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.Quotas;

/// <summary>The gate of one API process, with a connection to Redis of its own.</summary>
internal sealed class QuotaProcess : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;
    private readonly ServiceProvider _services;

    private QuotaProcess(ConnectionMultiplexer redis, (string Key, string Value)[] settings)
    {
        _redis = redis;
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                // A busy machine is no outage.
                .AddInMemoryCollection([new("Quotas:Deadline", "00:00:05"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))])
                .Build())
            .AddSingleton<IConnectionMultiplexer>(redis)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<AgentMetrics>()
            .AddMetrics()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddQuotas()
            .BuildServiceProvider();
    }

    public LoggedEvents Log { get; } = new();

    public static async Task<QuotaProcess> StartAsync(TestRedis redis, params (string Key, string Value)[] settings) =>
        new(await redis.ConnectAsync(), settings);

    public async Task<QuotaVerdict> EnterAsync(string tenant = "local", string caller = "key:1") =>
        (await TryEnterAsync(tenant, caller))!;

    public async Task<QuotaVerdict?> TryEnterAsync(string tenant = "local", string caller = "key:1", CancellationToken? cancellationToken = null) =>
        await _services.GetRequiredService<QuotaGate>().EnterAsync(tenant, caller, cancellationToken ?? TestContext.Current.CancellationToken);

    public async Task<bool> IsLetInAsync(string tenant = "local", string caller = "key:1")
    {
        var verdict = await EnterAsync(tenant, caller);
        return verdict.Counted.Refused is null;
    }

    /// <summary>As the process does by itself each third of a lease.</summary>
    public void Renew() => _services.GetRequiredService<HeldPlaces>().Renew();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
