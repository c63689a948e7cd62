using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Quotas;

/// <summary>
/// Who has asked too often, or has too much under way, is refused before anything is read or queued:
/// 1. what holds for the tenant; nothing, and nobody is asked;
/// 2. Redis counts, for all API processes;
/// 3. when it cannot, this process counts for itself, or the request is refused.
/// </summary>
internal sealed class QuotaGate(
    QuotaBook book, SharedQuotas shared, HeldPlaces places, LocalBuckets buckets, RefusalLog refusals, IOptions<QuotaOptions> options, AgentMetrics metrics, TimeProvider timeProvider)
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    /// <summary>Names of places are this and a number; no other process has the same.</summary>
    private readonly string _process = Guid.CreateVersion7(timeProvider.GetUtcNow()).ToString("N");

    private long _lastPlace;

    /// <returns>Null: no quota holds.</returns>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public async ValueTask<QuotaVerdict?> EnterAsync(string tenant, string caller, CancellationToken cancellationToken)
    {
        // 1.
        if (book.Of(tenant) is not { } quota)
        {
            return null;
        }

        // 2.
        var place = $"{_process}:{Interlocked.Increment(ref _lastPlace)}";
        var verdict = await CountAsync(quota, tenant, caller, place, cancellationToken) is { } counted
            ? new QuotaVerdict(quota, counted, counted.Refused is null && quota.Concurrent is not null ? places.Hold(tenant, place) : null)
            : WithoutRedis(quota, tenant, caller, place);
        if (verdict.Counted.Refused is { } kind)
        {
            metrics.QuotaRefused(Word(kind));
            refusals.Tell(tenant, caller, Word(kind));
        }

        return verdict;
    }

    private async Task<Counted?> CountAsync(Quota quota, string tenant, string caller, string place, CancellationToken cancellationToken)
    {
        try
        {
            return await shared.TakeAsync(quota, tenant, caller, place, cancellationToken);
        }
        catch (OperationCanceledException) when (quota.Concurrent is not null)
        {
            places.Abandon(tenant, place);
            throw;
        }
    }

    /// <summary>3.</summary>
    private QuotaVerdict WithoutRedis(Quota quota, string tenant, string caller, string place)
    {
        if (options.Value.OnOutage == OnOutage.Closed)
        {
            // It may have been counted, and only the answer was late.
            places.Abandon(tenant, place);
            return new QuotaVerdict(quota, new Counted(QuotaKind.Outage, TimeSpan.Zero, SoonAgain, 0), null);
        }

        IDisposable? held = null;
        long underWay = 0;
        if (quota.Concurrent is { } most && (held = places.TryHold(tenant, place, most, out underWay)) is null)
        {
            return new QuotaVerdict(quota, new Counted(QuotaKind.Concurrent, TimeSpan.Zero, TimeSpan.Zero, underWay), null);
        }

        var counted = quota.Requests == 0 ? new Counted(null, TimeSpan.Zero, TimeSpan.Zero, 0) : buckets.Take(quota, tenant, caller);
        if (counted.Refused is not null)
        {
            held?.Dispose();
            held = null;
        }

        return new QuotaVerdict(quota, counted with { UnderWay = underWay }, held);
    }

    private static string Word(QuotaKind kind) => kind switch
    {
        QuotaKind.Requests => "requests",
        QuotaKind.Concurrent => "concurrent",
        _ => "outage",
    };
}
