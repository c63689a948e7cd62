using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Audit;

/// <summary>Who did what in the caller's tenant.</summary>
internal static class AuditEndpoints
{
    // Hosted services are made before the options are looked at, which then tell all that is wrong at once.
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton(provider => new Lazy<ExecutorCommands>(provider.GetRequiredService<ExecutorCommands>))
        .AddSingleton<DeniedReports>()
        .AddHostedService(provider => provider.GetRequiredService<DeniedReports>());

    public static IEndpointConventionBuilder MapAudit(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/audit", ListAsync)
            .WithTags("Tenant")
            .RequireScope(Scopes.Admin)
            .WithName("listAuditEvents")
            .WithSummary("Who did what, newest first")
            .WithDescription(
                """
                Keys made and revoked, decisions about calls, conversations and responses deleted, tools accepted, callers refused for want of a scope, exports of the tenant and its removal.
                `next` of a page is `after` of the following one.
                """)
            .WithQuery("limit", "after")
            .ProducesProblems(400, 503);

    private static async Task<Results<Ok<Page<AuditEvent>>, ProblemHttpResult>> ListAsync(
        HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (new ListQuery(context.Request.Query).Broken(labels: false) is { } broken)
        {
            return broken;
        }

        var events = await executor.AuditAsync(Tenant.Of(context), context.Request.QueryString, cancellationToken);
        return events.IsGood ? TypedResults.Ok(events.Value) : events.Problem;
    }
}
