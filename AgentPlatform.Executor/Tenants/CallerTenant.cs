using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Tenants;

/// <summary>The tenant a request is for, as the API decided it from the principal. Parameter of a handler.</summary>
internal sealed record CallerTenant(string Id)
{
    public static ValueTask<CallerTenant> BindAsync(HttpContext httpContext) =>
        ValueTask.FromResult(new CallerTenant(httpContext.Request.Headers[InternalWire.TenantHeader].ToString()));
}
