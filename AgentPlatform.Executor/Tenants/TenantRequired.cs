using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Tenants;

/// <summary>Refuses a request that does not say for which tenant it is: nothing here is anybody's.</summary>
internal sealed class TenantRequired : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers[InternalWire.TenantHeader] is [{ } tenant] && TenantNames.IsValid(tenant)
            ? next(context)
            : ValueTask.FromResult<object?>(
                ExecutorProblems.Invalid(InternalWire.TenantHeader, $"The header '{InternalWire.TenantHeader}' must name one tenant: {TenantNames.Rule}."));
}
