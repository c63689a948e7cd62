using AgentPlatform.Executor.Leases;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AgentPlatform.Executor.Runs;

/// <summary>On SIGTERM: no new runs, time for the open ones to finish, then they are left for others to take over.</summary>
internal sealed partial class DrainingService(
    RunGate gate,
    DrivenRuns driven,
    RunClaims claims,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    ExecutorLifetime lifetime,
    IOptions<RunOptions> options,
    TimeProvider clock,
    ILogger<DrainingService> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>After that the lease's own end does it.</summary>
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(1);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything stops: the server still answers those who follow a run, the silo its grains.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        gate.Drain();
        var begun = clock.GetTimestamp();
        while (gate.AtWork > 0 && clock.GetElapsedTime(begun) < options.Value.DrainTime && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Look, clock, CancellationToken.None);
        }

        var took = clock.GetElapsedTime(begun);
        LogDrained(logger, took.TotalMilliseconds, gate.Active);
        lifetime.StopNow();
        await HandOverAsync(cancellationToken);
        await LeaveSessionsAsync(cancellationToken);
    }

    /// <summary>Once nobody here works on them, others need not wait for the lease to end.</summary>
    private async Task HandOverAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(HandOverWithin);
            await driven.NoneAsync().WaitAsync(deadline.Token);
            await claims.GiveUpAllAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException)
        {
            LogNotHandedOver(logger, exception);
        }
    }

    /// <summary>Idle sessions go before the silo does, so that their next message finds them elsewhere and not a silo that is leaving.</summary>
    private async Task LeaveSessionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IManagementGrain>(0)
                .ForceActivationCollection([silo.SiloAddress], TimeSpan.Zero, cancellationToken)
                .WaitAsync(HandOverWithin, clock, cancellationToken);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException)
        {
            LogNotLeft(logger, exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 1, EventName = "drained", Level = LogLevel.Information, Message = "Drained in {Ms} ms; {Left} runs are left to others")]
    private static partial void LogDrained(ILogger logger, double ms, int left);

    [LoggerMessage(EventId = 2, EventName = "not_handed_over", Level = LogLevel.Warning, Message = "Open runs are not handed over; others take them when the lease ends")]
    private static partial void LogNotHandedOver(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3, EventName = "sessions_not_left", Level = LogLevel.Information, Message = "Idle sessions stay until the silo stops")]
    private static partial void LogNotLeft(ILogger logger, Exception exception);
}
