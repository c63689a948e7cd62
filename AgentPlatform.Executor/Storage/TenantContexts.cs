namespace AgentPlatform.Executor.Storage;

/// <summary>
/// EF Core's queries for one tenant. Each has a context of its own instead of the request's: the request may be over (<c>DatabaseDeadline</c>) before the
/// database lets go of it.
/// </summary>
internal sealed class TenantContexts(IServiceScopeFactory scopes)
{
    public async Task<T> AskAsync<T>(string tenantId, Func<AgentDbContext, Task<T>> ask)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenantId);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AgentDbContext>();
        context.TenantId = tenantId;
        try
        {
            return await ask(context);
        }
        finally
        {
            // Contexts are pooled: the next one begins without a tenant.
            context.TenantId = null;
        }
    }
}
