using AgentPlatform.ServiceDefaults.Input;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace AgentPlatform.Executor.Problems;

/// <summary>
/// The one place where an exception becomes an answer: the database or the host of a run away is 503, a request that cannot be read or stored
/// is 400 or 413, everything else 500. No exception's text leaves the process.
/// </summary>
internal sealed partial class ExecutorExceptionHandler(ILogger<ExecutorExceptionHandler> logger) : IExceptionHandler
{
    /// <summary>SQLSTATE class of values Postgres cannot take, such as U+0000 in a text.</summary>
    private const string DataException = "22";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Response.HasStarted)
        {
            return false;
        }

        await ProblemOf(exception).ExecuteAsync(httpContext);
        return true;
    }

    private ExecutorProblem ProblemOf(Exception exception)
    {
        if (BrokenRequest.StatusOf(exception) is { } broken)
        {
            return broken switch
            {
                StatusCodes.Status413PayloadTooLarge => ExecutorProblems.BodyTooLarge(),
                StatusCodes.Status415UnsupportedMediaType => ExecutorProblems.UnsupportedMediaType(),
                _ => ExecutorProblems.Unreadable("The request cannot be read."),
            };
        }

        if (DatabaseAway.Is(exception))
        {
            DatabaseUnavailable(exception.GetBaseException().GetType().Name);
            return ExecutorProblems.DatabaseUnavailable();
        }

        if (exception.GetBaseException() is PostgresException refused && refused.SqlState.StartsWith(DataException, StringComparison.Ordinal))
        {
            return ExecutorProblems.Unreadable("The request holds a value that cannot be stored, such as U+0000 in a text.");
        }

        if (exception is OrleansException or TimeoutException)
        {
            HostUnreachable(exception.GetType().Name);
            return ExecutorProblems.HostUnreachable();
        }

        Unexpected(exception);
        return ExecutorProblems.Internal();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not answer a request: {Cause}.")]
    private partial void DatabaseUnavailable(string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The host of a run or session cannot be reached at the moment: {Cause}.")]
    private partial void HostUnreachable(string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed unexpectedly.")]
    private partial void Unexpected(Exception exception);
}
