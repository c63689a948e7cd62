using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Storage;

namespace AgentPlatform.Executor.Audit;

/// <summary>Endpoints whose deeds are audited.</summary>
internal static class Audited
{
    /// <summary>
    /// Records the deed when it was done. What it was done to is what the route names. Nobody can break it off; the deadlines of the database still hold.
    /// </summary>
    public static RouteHandlerBuilder WithAudit(this RouteHandlerBuilder endpoint, string action) =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            // Read before: a request may be over when its deed is done.
            // What belongs to no tenant is the platform's.
            var tenant = http.Request.Headers[InternalWire.TenantHeader] is [{ Length: > 0 } named] ? named : AgentVersionEntity.PlatformTenant;
            var actor = CallerActor.Of(http).Name;
            var target = string.Join('/', http.Request.RouteValues.Values);
            var trail = http.RequestServices.GetRequiredService<AuditTrail>();
            // Who hangs up right after asking would else have done it unseen.
            for (var i = 0; i < context.Arguments.Count; i++)
            {
                if (context.Arguments[i] is CancellationToken)
                {
                    context.Arguments[i] = CancellationToken.None;
                }
            }

            var result = await next(context);
            var settled = result is INestedHttpResult nested ? nested.Result : result;
            if (settled is not ExecutorProblem)
            {
                await trail.RecordAsync(tenant, actor, action, target);
            }

            return result;
        });
}
