using Npgsql;

namespace AgentPlatform.Executor.Agents;

/// <summary>
/// Stores the current versions, at the start and after each change. No run waits for it; while Postgres is away, or its
/// tables are not there yet, it tries again.
/// </summary>
internal sealed partial class AgentVersionRecorder(
    Lazy<AgentCatalogue> catalogue, AgentVersionStore store, TimeProvider time, ILogger<AgentVersionRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _changed = new(1);

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Signal() => _changed.Release();
        catalogue.Value.Changed += Signal;
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken);
                await SaveAsync(stoppingToken);
            }
        }
        finally
        {
            catalogue.Value.Changed -= Signal;
        }
    }

    private async Task SaveAsync(CancellationToken stoppingToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await store.SaveAsync(catalogue.Value.Current, time.GetUtcNow(), stoppingToken);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                if (delay == FirstDelay)
                {
                    NotStored(exception);
                }
            }

            await Task.Delay(delay, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents' versions are not stored yet; trying again until Postgres takes them")]
    private partial void NotStored(Exception exception);
}
