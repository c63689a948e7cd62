using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>A bounded number of requests to each host. The hosts are those of the configuration: nothing grows.</summary>
internal sealed class HttpToolBulkheads(IOptions<HttpToolLimits> limits) : IDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrencyLimiter> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask<RateLimitLease> EnterAsync(string host, CancellationToken cancellationToken) =>
        _hosts.GetOrAdd(host, _ => NewLimiter()).AcquireAsync(1, cancellationToken);

    public void Dispose()
    {
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }
    }

    private ConcurrencyLimiter NewLimiter() => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.Value.MaxConcurrentPerHost,
        QueueLimit = limits.Value.MaxQueuedPerHost,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
}
