using AgentPlatform.Api.Agent;
using AgentPlatform.Core.ChatModels;
using AgentPlatform.ServiceDefaults.Metrics;
using AgentPlatform.Tests.Redis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api;

/// <summary>The run path of one front process, put together as the service does it, without its HTTP side.</summary>
internal sealed class Front : IAsyncDisposable
{
    private readonly IHost _host;

    private Front(IHost host, LoggedEvents log)
    {
        _host = host;
        Log = log;
        Metrics = new MetricsSnapshot(Get<MetricsBridge>());
    }

    public LoggedEvents Log { get; }

    public MetricsSnapshot Metrics { get; }

    public static async Task<Front> StartAsync(
        TestRedis redis, IEnumerable<string> executors, params (string Key, string Value)[] settings)
    {
        var log = new LoggedEvents();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        // In-process servers on two busy cores: their promptness is tested elsewhere.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AnswerCache:Deadline"] = "00:00:02",
            ["ExecutorClient:CatalogueDeadline"] = "00:00:05",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection(executors.Select(
            (address, index) => KeyValuePair.Create($"services:executor:http:{index}", (string?)address)));
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery().RemoveAllLoggers());
        builder.Services.AddAgentMetrics();
        builder.Services.AddChatModels(builder.Configuration);
        builder.Services.AddAgentRequests();
        builder.Services.AddSingleton<IConnectionMultiplexer>(await redis.ConnectAsync());
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new Front(host, log);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task<AgentResult> AskAsync(AgentQuestion question, CancellationToken? cancellationToken = null) =>
        Get<AgentRequestHandler>().HandleAsync(question, live: null, cancellationToken ?? TestContext.Current.CancellationToken);

    public async Task<AgentAnswer> AnswerAsync(AgentQuestion question) =>
        Assert.IsType<AgentResult.Answered>(await AskAsync(question)).Answer;

    public async Task<AgentResult.Refused> RefuseAsync(AgentQuestion question) =>
        Assert.IsType<AgentResult.Refused>(await AskAsync(question));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        // The connection was given, not made, so the container leaves it open.
        await Get<IConnectionMultiplexer>().DisposeAsync();
        _host.Dispose();
    }
}
