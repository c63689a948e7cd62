using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace AgentPlatform.Executor.Problems;

/// <summary>Tells a database that is away, starting, stopping or full from a mistake of ours.</summary>
internal static class DatabaseAway
{
    public static bool Is(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case PostgresException postgres when IsShutdown(postgres.SqlState) || postgres.IsTransient:
                case NpgsqlException { IsTransient: true }:
                case RetryLimitExceededException:
                    return true;
            }
        }

        return false;
    }

    /// <summary>The server ended our connection, or ended itself: Npgsql does not count these as transient.</summary>
    private static bool IsShutdown(string sqlState) =>
        sqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;
}
