using System.Threading.RateLimiting;

namespace AgentPlatform.Api.Admission;

/// <summary>A question's place among those under way, held until its answer is sent.</summary>
internal sealed class Admitted(RateLimitLease place, TimeSpan waited, ServiceTime service, TimeProvider timeProvider) : IDisposable
{
    private readonly long _since = timeProvider.GetTimestamp();

    /// <summary>In the queue; it counts against the question's timeout.</summary>
    public TimeSpan Waited => waited;

    public void Dispose()
    {
        service.Took(timeProvider.GetElapsedTime(_since));
        place.Dispose();
    }
}
