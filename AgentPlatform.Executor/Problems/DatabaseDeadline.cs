using Npgsql;

namespace AgentPlatform.Executor.Problems;

/// <summary>
/// Bounds what a request may wait for the database, retries of its client included, so that a database that is away or
/// hangs becomes an answer in time: <see cref="ExecutorExceptionHandler"/> writes it. To end a command Npgsql asks the server
/// first, which a server that hangs does not answer; so the handler is cancelled and left to end by itself. A handler
/// under this filter therefore touches the request only before it asks the database, and never holds a context of the
/// request's own (<see cref="Storage.TenantContexts"/>).
/// </summary>
internal sealed class DatabaseDeadline(TimeProvider timeProvider) : IEndpointFilter
{
    /// <summary>Leaves the rest of the 3 s, within which the API expects a word, to the way there and back.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var cancellation = new CancellationTokenSource();
        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (context.Arguments[i] is CancellationToken)
            {
                context.Arguments[i] = cancellation.Token;
            }
        }

        var handling = next(context).AsTask();
        try
        {
            return await handling.WaitAsync(Limit, timeProvider, context.HttpContext.RequestAborted);
        }
        catch (TimeoutException late) when (!handling.IsCompleted)
        {
            throw new NpgsqlException("The database did not answer in time.", late);
        }
        finally
        {
            _ = EndAsync(handling, cancellation);
        }
    }

    private static async Task EndAsync(Task handling, CancellationTokenSource cancellation)
    {
        if (!handling.IsCompleted)
        {
            await cancellation.CancelAsync();
            await handling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellation.Dispose();
    }
}
