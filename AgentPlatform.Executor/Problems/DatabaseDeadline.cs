using Npgsql;

namespace AgentPlatform.Executor.Problems;

/// <summary>
/// Bounds what a request may wait for the database, retries of its client included, so that a database that is away or
/// hangs becomes an answer in time. The handler's cancellation token ends with the deadline;
/// <see cref="ExecutorExceptionHandler"/> turns it into the problem.
/// </summary>
internal sealed class DatabaseDeadline(TimeProvider timeProvider) : IEndpointFilter
{
    /// <summary>With the second a cancelled command may take to end, this stays within the 3 s in which the API expects a word.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var aborted = context.HttpContext.RequestAborted;
        using var clock = new CancellationTokenSource(Limit, timeProvider);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(aborted, clock.Token);
        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (context.Arguments[i] is CancellationToken)
            {
                context.Arguments[i] = deadline.Token;
            }
        }

        try
        {
            return await next(context);
        }
        catch (OperationCanceledException late) when (clock.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw new NpgsqlException("The database did not answer in time.", new TimeoutException(late.Message, late));
        }
    }
}
