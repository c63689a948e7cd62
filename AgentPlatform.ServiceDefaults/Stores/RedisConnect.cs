using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AgentPlatform.ServiceDefaults.Stores;

/// <summary>Fails the start when Redis is not configured; connects in the background when it is, so that the first request finds it done.</summary>
internal sealed class RedisConnect(IServiceProvider services, IOptions<ConfigurationOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = options.Value;
        _ = Task.Run(services.GetRequiredService<IConnectionMultiplexer>, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
