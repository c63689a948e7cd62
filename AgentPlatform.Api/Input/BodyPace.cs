using System.Threading.RateLimiting;
using AgentPlatform.Api.Hosting;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Input;

/// <summary>
/// The pace at which this process reads large bodies: everything behind the first slice of any of them passes here, in the order in which it came. Who sends bodies as fast
/// as they are read would else take the processor from everybody.
/// </summary>
internal sealed class BodyPace(IOptions<ConnectionOptions> options) : IDisposable
{
    /// <summary>Bytes; nearly every question is shorter.</summary>
    public const int Slice = 64 * 1024;

    private const int PeriodsInASecond = 20;

    private readonly int _most = options.Value.LargeBodyBytesPerSecond / Slice;

    private readonly TokenBucketRateLimiter _slices = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.Value.LargeBodyBytesPerSecond / Slice,
        TokensPerPeriod = Math.Max(1, options.Value.LargeBodyBytesPerSecond / Slice / PeriodsInASecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / PeriodsInASecond),
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        // Each connection waits here once at most, and connections have their bound.
        QueueLimit = int.MaxValue,
    });

    /// <summary>Returns when more may be read after so many bytes.</summary>
    public async ValueTask NextAsync(long bytes, CancellationToken cancellationToken)
    {
        var slices = (int)Math.Min((bytes + Slice - 1) / Slice, _most);
        using var lease = await _slices.AcquireAsync(slices, cancellationToken);
    }

    public void Dispose() => _slices.Dispose();
}
