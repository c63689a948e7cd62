using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Leases;

/// <summary>
/// This process's claim to be alive. While <see cref="IsValid"/> nobody else may claim its runs; before every effect a run asks it.
/// The database decides when a lease ends for others; here it ends earlier, because it is counted on the monotonic clock from the
/// moment before the renewal was sent.
/// </summary>
internal sealed partial class ExecutorLease(
    LeaseRow row, TimeProvider timeProvider, IOptions<LeaseOptions> options, ILogger<ExecutorLease> logger) : BackgroundService
{
    private readonly LeaseOptions _options = options.Value;
    private readonly string _name = $"{Environment.MachineName}/{Environment.ProcessId}";
    private volatile TaskCompletionSource _renewed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Held? _held;
    private long _epoch = 1;
    private bool _failing = true;
    private long? _droppedAt;

    /// <summary>Names this process; new at every start.</summary>
    public Guid Id { get; } = Guid.CreateVersion7(timeProvider.GetUtcNow());

    /// <summary>True while no other executor may take this one's runs.</summary>
    public bool IsValid => _held is { } held && timeProvider.GetElapsedTime(held.RenewedAt) < _options.Duration;

    /// <summary>
    /// Grows when the lease had lapsed and was taken again. Others may have claimed runs in between: a run begun under a smaller
    /// epoch is loaded again before its next effect.
    /// </summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>
    /// True once a full lease has passed since this process last came (back) to the database. After an outage the others must have had
    /// the time to renew before anybody takes them for dead.
    /// </summary>
    public bool CanClaim => IsValid && _held is { } held && timeProvider.GetElapsedTime(held.ReconnectedAt) >= _options.Duration;

    /// <summary>Returns as soon as the lease is valid.</summary>
    public async Task WaitUntilValidAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _renewed.Task;
            if (IsValid)
            {
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends the lease at once, so that others need not wait for it to lapse.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var held = _held is not null;
        _held = null;
        if (!held)
        {
            return;
        }

        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(_options.RenewEvery);
            await row.ReleaseAsync(Id, timeout.Token);
            LogReleased(logger, Id);
        }
        catch (Exception exception)
        {
            LogNotReleased(logger, exception, Id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.RenewEvery, timeProvider);
        try
        {
            do
            {
                await RenewAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        // A stuck renewal gives way to the next while the lease, or the others' wait before they claim, still lasts.
        using var timeout = new CancellationTokenSource(_options.Duration / 2, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        var before = timeProvider.GetTimestamp();
        try
        {
            var epoch = await row.RenewAsync(Id, _epoch, _name, _options.Duration, either.Token);
            if (epoch != _epoch)
            {
                LogLapsed(logger, Id, epoch);
                Interlocked.Exchange(ref _epoch, epoch);
            }

            Renewed(before);
            await DropEndedAsync(either.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_failing)
            {
                LogNotRenewed(logger, exception, Id);
            }

            _failing = true;
        }
    }

    private void Renewed(long before)
    {
        var reconnectedAt = _failing || _held is null ? before : _held.ReconnectedAt;
        if (_failing)
        {
            LogHeld(logger, Id);
        }

        _failing = false;
        _held = new Held(before, reconnectedAt);
        Interlocked.Exchange(ref _renewed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private async Task DropEndedAsync(CancellationToken cancellationToken)
    {
        if (_droppedAt is { } last && timeProvider.GetElapsedTime(last) < _options.KeepEnded)
        {
            return;
        }

        await row.DropEndedAsync(_options.KeepEnded, cancellationToken);
        _droppedAt = timeProvider.GetTimestamp();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Executor {Executor} holds its lease")]
    private static partial void LogHeld(ILogger logger, Guid executor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of executor {Executor} had lapsed; held again under epoch {Epoch}")]
    private static partial void LogLapsed(ILogger logger, Guid executor, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of executor {Executor} not renewed; trying again every period")]
    private static partial void LogNotRenewed(ILogger logger, Exception exception, Guid executor);

    [LoggerMessage(Level = LogLevel.Information, Message = "Executor {Executor} released its lease")]
    private static partial void LogReleased(ILogger logger, Guid executor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lease of executor {Executor} not released; it lapses by itself")]
    private static partial void LogNotReleased(ILogger logger, Exception exception, Guid executor);

    /// <param name="RenewedAt">Timestamp before the last successful renewal was sent.</param>
    /// <param name="ReconnectedAt">The same of the first successful renewal after the start or a failure.</param>
    private sealed record Held(long RenewedAt, long ReconnectedAt);
}
