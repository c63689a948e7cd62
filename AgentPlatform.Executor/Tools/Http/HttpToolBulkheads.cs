using System.Threading.RateLimiting;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>A bounded number of requests to each host, whichever tool asks. A host that nobody asks any more is forgotten.</summary>
internal sealed class HttpToolBulkheads(IOptions<HttpToolLimits> limits, AgentMetrics metrics) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _hosts = PartitionedRateLimiter.Create<string, string>(
        host => RateLimitPartition.GetConcurrencyLimiter(host, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = limits.Value.MaxConcurrentPerHost,
            QueueLimit = limits.Value.MaxQueuedPerHost,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }),
        StringComparer.OrdinalIgnoreCase);

    public async ValueTask<RateLimitLease> EnterAsync(string host, CancellationToken cancellationToken)
    {
        var place = await _hosts.AcquireAsync(host, permitCount: 1, cancellationToken);
        if (!place.IsAcquired)
        {
            metrics.BulkheadRejected(Hops.Tool);
        }

        return place;
    }

    public void Dispose() => _hosts.Dispose();
}
