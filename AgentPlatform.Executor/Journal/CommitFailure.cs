using System.Text;
using Npgsql;

namespace AgentPlatform.Executor.Journal;

/// <summary>Tells a commit that failed because of what it holds from one that failed because of where it went.</summary>
internal static class CommitFailure
{
    /// <summary>
    /// True when Postgres, or the driver on the way to it, refuses the data itself: SQLSTATE class 22 (data exception), 23 (constraint),
    /// 54 (too large), and text that is no valid UTF-16. Such a batch is taken apart; every other failure is tried again as it is.
    /// </summary>
    public static bool IsOfTheData(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState[..2] is "22" or "23" or "54",
        EncoderFallbackException or InvalidCastException or OverflowException => true,
        { InnerException: { } inner } => IsOfTheData(inner),
        _ => false,
    };
}
