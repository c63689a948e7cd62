using System.Threading.RateLimiting;
using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>A bounded number of calls at one time; who finds no room waits a little, in order, and is then refused.</summary>
public sealed class Bulkhead(string hop, int places, TimeSpan wait, AgentMetrics metrics, TimeProvider timeProvider) : IDisposable
{
    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = places,
        // Waiting is bounded by time; more than this could not get in within it anyway.
        QueueLimit = places * 4,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <returns>The place, given back by disposing of it; null when there was none in time.</returns>
    /// <exception cref="OperationCanceledException">By the caller's token.</exception>
    public async ValueTask<IDisposable?> EnterAsync(CancellationToken cancellationToken)
    {
        var atOnce = _places.AttemptAcquire();
        if (atOnce.IsAcquired)
        {
            return atOnce;
        }

        using var limit = new CancellationTokenSource(wait, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await _places.AcquireAsync(1, either.Token) is { IsAcquired: true } place)
            {
                return place;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No room in time.
        }

        metrics.BulkheadRejected(hop);
        return null;
    }

    public void Dispose() => _places.Dispose();
}
