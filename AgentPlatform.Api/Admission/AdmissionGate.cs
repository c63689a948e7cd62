using System.Threading.RateLimiting;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Admission;

/// <summary>
/// The one door for questions. So many are under way, so many wait in their order, and who could not be answered in time at the pace of the last
/// questions is told so at once: a refusal that comes immediately can be acted on, and costs neither memory nor the time of those who are inside.
/// </summary>
internal sealed partial class AdmissionGate : IDisposable
{
    /// <summary>The bound of the queue was met.</summary>
    public const string QueueFull = "api_queue";

    /// <summary>The queue is too slow for the question's deadline.</summary>
    public const string TooLate = "api_deadline";

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Without a refusal for so long, the next one begins a new time of overload.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private readonly AdmissionOptions _options;
    private readonly ConcurrencyLimiter _places;
    private readonly AgentMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<AdmissionGate> _logger;
    private readonly ServiceTime _service = new();
    private int _waiting;
    private long _refusedAt;

    public AdmissionGate(IOptions<AdmissionOptions> options, AgentMetrics metrics, TimeProvider timeProvider, ILogger<AdmissionGate> logger)
    {
        _options = options.Value;
        _metrics = metrics;
        _timeProvider = timeProvider;
        _logger = logger;
        _refusedAt = timeProvider.GetTimestamp() - (Calm * 2).Ticks * timeProvider.TimestampFrequency / TimeSpan.TicksPerSecond;
        _places = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = _options.MaxConcurrent,
            QueueLimit = _options.MaxQueued,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>Questions that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>When a caller who is refused now had better come back.</summary>
    public TimeSpan ComeBackAfter => TimeSpan.FromTicks(Math.Clamp(WaitFor(Waiting).Ticks, ShortestWait.Ticks, LongestWait.Ticks));

    /// <returns>The place and how long it was waited for; null: refused.</returns>
    /// <exception cref="OperationCanceledException">The caller has left the queue.</exception>
    public ValueTask<Admitted?> EnterAsync(CancellationToken cancellationToken)
    {
        var place = _places.AttemptAcquire();
        if (place.IsAcquired)
        {
            return ValueTask.FromResult<Admitted?>(Admit(place, TimeSpan.Zero));
        }

        if (WaitFor(Waiting + 1) + _service.Mean > _options.AnswerWithin)
        {
            Refuse(TooLate);
            return default;
        }

        return QueueAsync(cancellationToken);
    }

    /// <summary>Whether a question that has waited can still be answered within its own timeout, at the pace of the last ones.</summary>
    public bool IsTooLate(TimeSpan waited, TimeSpan timeout)
    {
        var tooLate = waited > TimeSpan.Zero && waited + _service.Mean > timeout;
        if (tooLate)
        {
            Refuse(TooLate);
        }

        return tooLate;
    }

    public void Dispose() => _places.Dispose();

    private async ValueTask<Admitted?> QueueAsync(CancellationToken cancellationToken)
    {
        var came = _timeProvider.GetTimestamp();
        Interlocked.Increment(ref _waiting);
        _metrics.QueueEntered();
        try
        {
            var place = await _places.AcquireAsync(1, cancellationToken);
            if (place.IsAcquired)
            {
                return Admit(place, _timeProvider.GetElapsedTime(came));
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            _metrics.QueueLeft();
        }

        Refuse(QueueFull);
        return null;
    }

    private Admitted Admit(RateLimitLease place, TimeSpan waited) => new(place, waited, _service, _timeProvider);

    /// <summary>Each place is free again once in a mean service time.</summary>
    private TimeSpan WaitFor(int ahead) => _service.Mean * ahead / _options.MaxConcurrent;

    private void Refuse(string why)
    {
        _metrics.Shed(why);
        var last = Interlocked.Exchange(ref _refusedAt, _timeProvider.GetTimestamp());
        if (_timeProvider.GetElapsedTime(last) > Calm)
        {
            LogOverload(_options.MaxConcurrent, Waiting, _service.Mean.TotalSeconds);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "More questions come than can be answered: {Running} under way, {Waiting} waiting, {Seconds} s each", EventName = "overload_began")]
    private partial void LogOverload(int running, int waiting, double seconds);
}
