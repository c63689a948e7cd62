namespace AgentPlatform.Executor.Cluster;

/// <summary>
/// Ends the process when Orleans finds that it cannot go on, above all when the cluster has declared this silo dead: its grains live
/// elsewhere by then, and every moment it stays it works against them. Whoever supervises the process starts it again.
/// </summary>
/// <param name="exit">Ends the process with a code.</param>
internal sealed partial class DeadSiloExit(Action<int> exit, ILogger<DeadSiloExit> logger) : IFatalErrorHandler
{
    /// <summary>Exit code of a silo that had to go (EX_TEMPFAIL: try again).</summary>
    public const int ExitCode = 75;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        LogExit(logger, exception, context, ExitCode);
        // The logger writes in the background; this line is out before the process is gone.
        Console.Error.WriteLine($"Executor ends with code {ExitCode}: {context} {exception?.Message}".TrimEnd());
        exit(ExitCode);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The silo cannot go on: {Context}; the process ends with code {ExitCode}")]
    private static partial void LogExit(ILogger logger, Exception? exception, string? context, int exitCode);
}
