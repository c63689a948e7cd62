using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Retention;

/// <summary>Sweeps now and then. Every executor does; they do not wait for each other.</summary>
internal sealed partial class RetentionWorker(
    RetentionSweep sweep, TimeProvider timeProvider, IOptions<RetentionOptions> options, ILogger<RetentionWorker> logger) : BackgroundService
{
    /// <summary>After the start: not at once, but also where processes never live for a whole period.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var every = options.Value.SweepEvery;
        await Task.Delay(every < First ? every : First, timeProvider, stoppingToken);
        using var timer = new PeriodicTimer(every, timeProvider);
        do
        {
            try
            {
                if (await sweep.SweepAsync(stoppingToken) is { Anything: true } swept)
                {
                    LogSwept(logger, swept.Runs, swept.Sessions, swept.Keys);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 1, EventName = "retention_swept", Level = LogLevel.Information, Message = "Retention removed {Runs} runs, {Sessions} sessions and {Keys} idempotency keys")]
    private static partial void LogSwept(ILogger logger, long runs, long sessions, long keys);

    [LoggerMessage(EventId = 2, EventName = "retention_failed", Level = LogLevel.Warning, Message = "A sweep of retention broke off; the next one goes on")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
