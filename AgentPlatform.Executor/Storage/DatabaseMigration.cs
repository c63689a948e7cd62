using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Brings the schema up to date before anything else starts, however long Postgres takes to appear. It runs in the
/// host's starting phase, so every hosted service, the silo above all, finds its tables whatever the order of registration.
/// Executors that start together queue up behind a lock of ours: EF's own lasts for one migration, so that between two of them another process
/// comes in and both apply the second.
/// </summary>
internal sealed partial class DatabaseMigration(
    IServiceScopeFactory scopes, AppliedMigrations applied, TimeProvider timeProvider, ILogger<DatabaseMigration> logger) : IHostedLifecycleService
{
    /// <summary>Of the advisory lock; any number nobody else uses.</summary>
    private const long Lock = 6_021_076_430_172_559;

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
                await MigrateAsync(cancellationToken);
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

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (await applied.AreCompleteAsync(cancellationToken))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AgentDbContext>().Database;
        await OpenAsync(database, cancellationToken);

        // The lock is the connection's: one that breaks gives it back, and the next attempt takes it again.
        await LockAsync("pg_advisory_lock");
        if (!await applied.AreCompleteAsync(cancellationToken))
        {
            await database.MigrateAsync(cancellationToken);
        }

        await LockAsync("pg_advisory_unlock");

        async Task LockAsync(string function)
        {
            await using var command = database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT {function}({Lock})";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Not by the context's own method, which tries again by itself for minutes and says nothing.</summary>
    private static async Task OpenAsync(DatabaseFacade database, CancellationToken cancellationToken)
    {
        var connection = database.GetService<IRelationalConnection>();
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await database.GetService<IRelationalDatabaseCreator>().CreateAsync(cancellationToken);
            await connection.OpenAsync(cancellationToken);
        }
    }

    // A server that is away, starting or being set up, and the races of two processes that create the same database or
    // history table at once. Everything else (a refused password, a broken migration) ends the start with its own message.
    private static bool IsWorthRetrying(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is
            PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateDatabase
            or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.InvalidCatalogName,
        NpgsqlException or TimeoutException or IOException => true,
        { InnerException: { } inner } => IsWorthRetrying(inner),
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Database schema is up to date after {Milliseconds:F0} ms")]
    private static partial void LogUpToDate(ILogger logger, double milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for Postgres before the executor can start: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
