using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Runs;

/// <summary>On SIGTERM: no new runs, time for the open ones to finish, then they are left for others to take over.</summary>
internal sealed partial class DrainingService(
    RunGate gate, ExecutorLifetime lifetime, IOptions<RunOptions> options, TimeProvider clock, ILogger<DrainingService> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything stops: the server still answers those who follow a run, the silo its grains.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        gate.Drain();
        var begun = clock.GetTimestamp();
        while (gate.Active > 0 && clock.GetElapsedTime(begun) < options.Value.DrainTime && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Look, clock, CancellationToken.None);
        }

        var took = clock.GetElapsedTime(begun);
        LogDrained(logger, took.TotalMilliseconds, gate.Active);
        lifetime.StopNow();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 1, EventName = "drained", Level = LogLevel.Information, Message = "Drained in {Ms} ms; {Left} runs are left to others")]
    private static partial void LogDrained(ILogger logger, double ms, int left);
}
