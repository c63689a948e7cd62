using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Brings the schema up to date before anything else starts, however long Postgres takes to appear. It runs in the
/// host's starting phase, so every hosted service, the silo above all, finds its tables whatever the order of registration.
/// </summary>
internal sealed partial class DatabaseMigration(
    string connectionString, AppliedMigrations applied, TimeProvider timeProvider, ILogger<DatabaseMigration> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemindAfter = TimeSpan.FromSeconds(10);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        long? reminded = null;
        while (true)
        {
            try
            {
                if (!await applied.AreCompleteAsync(cancellationToken))
                {
                    await SchemaUpdate.RunAsync(connectionString, cancellationToken);
                }

                var took = timeProvider.GetElapsedTime(started);
                LogUpToDate(logger, took.TotalMilliseconds);
                return;
            }
            catch (Exception exception) when (IsWorthRetrying(exception))
            {
                if (reminded is null || timeProvider.GetElapsedTime(reminded.Value) >= RemindAfter)
                {
                    var reason = exception.GetBaseException().Message;
                    LogWaiting(logger, reason);
                    reminded = timeProvider.GetTimestamp();
                }
            }

            await Task.Delay(RetryAfter, timeProvider, cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A server that is away, starting or being set up, and the races of two processes that create the same database or
    // history table at once. Everything else (a refused password, a broken migration) ends the start with its own message.
    private static bool IsWorthRetrying(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is
            PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateDatabase
            or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.InvalidCatalogName
            // Executors of two databases of one cluster grant the same role.
            || postgres is { SqlState: PostgresErrorCodes.InternalError, MessageText: "tuple concurrently updated" },
        NpgsqlException or TimeoutException or IOException => true,
        { InnerException: { } inner } => IsWorthRetrying(inner),
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Database schema is up to date after {Milliseconds:F0} ms")]
    private static partial void LogUpToDate(ILogger logger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for Postgres before the executor can start: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
