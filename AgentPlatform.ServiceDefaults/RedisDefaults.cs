using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace AgentPlatform.ServiceDefaults;

/// <summary>
/// How the services hold their Redis connection, whichever package registers it: no command waits for a server that is away, because
/// nothing needs Redis to be correct and a caller's time is better spent without it. A value given in the connection string wins.
/// </summary>
internal sealed class RedisDefaults : DefaultOptionsProvider, IConfigureOptions<ConfigurationOptions>
{
    public override bool AbortOnConnectFail => false;

    /// <summary>Also the longest that the first use can block, when the server is unreachable.</summary>
    public override TimeSpan? ConnectTimeout => TimeSpan.FromSeconds(1);

    public override int ConnectRetry => 1;

    public override TimeSpan SyncTimeout => TimeSpan.FromSeconds(1);

    /// <summary>A restarted server is in use again after half a second to one and a half.</summary>
    public override IReconnectRetryPolicy ReconnectRetryPolicy { get; } = new LinearRetry(500);

    /// <summary>Fail at once when disconnected, instead of queueing until the timeout.</summary>
    public override BacklogPolicy BacklogPolicy => BacklogPolicy.FailFast;

    public void Configure(ConfigurationOptions options)
    {
        // Azure's endpoints bring a provider of their own (TLS, longer time-outs); that one knows better.
        if (options.Defaults is not AzureOptionsProvider)
        {
            options.Defaults = this;
        }

        // Threads of its own cost two changes of thread per command; nothing here blocks the pool, which they would protect from that.
        options.SocketManager ??= SocketManager.ThreadPool;
    }
}
