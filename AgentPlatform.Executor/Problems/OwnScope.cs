namespace AgentPlatform.Executor.Problems;

/// <summary>
/// Uses a scoped service in a scope of its own instead of the request's: the request may be over
/// (<see cref="DatabaseDeadline"/>) before the database lets go of the service's context.
/// </summary>
internal sealed class OwnScope<T>(IServiceScopeFactory scopes)
    where T : notnull
{
    public async Task<TResult> UseAsync<TResult>(Func<T, Task<TResult>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }
}
