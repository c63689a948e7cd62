using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions.Administration;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Executor.Sessions;

/// <summary>What must go through the session's one writer because the writer holds the conversation in memory.</summary>
internal static class SessionWriter
{
    public static IServiceCollection AddSessionWriter(this IServiceCollection services)
    {
        services.AddSingleton<SessionAnswers>();
        services.AddSingleton<SessionSummary>();
        services.AddSingleton<SessionChanged>(provider => (tenantId, sessionId) =>
            Grain(provider.GetRequiredService<IGrainFactory>(), tenantId, sessionId).ForgetAsync());
        return services.AddSingleton<RemoveSession>(provider => (tenantId, sessionId, cancellationToken) => RemoveAsync(
            provider.GetRequiredService<SessionRemoval>(), provider.GetRequiredService<IGrainFactory>(), tenantId, sessionId, cancellationToken));
    }

    /// <summary><c>POST /sessions/{id}/told</c>: the ladder answered instead of a run.</summary>
    public static IEndpointRouteBuilder MapSessionReports(this IEndpointRouteBuilder routes)
    {
        routes.MapTenantGroup("/sessions").MapPost("/{id}/told", TellAsync);
        return routes;
    }

    private static async Task<Results<NoContent, ExecutorProblem>> TellAsync(
        HttpContext http, CallerTenant tenant, string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (await http.Request.ReadWireAsync<ToldAnswer>() is not { } told)
        {
            return ExecutorProblems.Unreadable("The body must be what the person was told.");
        }

        told = told with { TenantId = tenant.Id, SessionId = id };
        var recorded = await Grain(grains, tenant.Id, id).RecordToldAsync(JsonSerializer.SerializeToUtf8Bytes(told, WireJson.Options));
        return recorded ? TypedResults.NoContent() : ExecutorProblems.RunNotFound(told.RunId.ToString());
    }

    private static async Task<SessionRemovalResult> RemoveAsync(
        SessionRemoval removal, IGrainFactory grains, string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        var result = await removal.RemoveAsync(tenantId, sessionId, cancellationToken);
        if (result == SessionRemovalResult.Busy)
        {
            // One look each: a run that takes longer to stop keeps its session a little longer, and the caller asks again.
            await Grain(grains, tenantId, sessionId).StopAllAsync(tenantId, sessionId);
            result = await removal.RemoveAsync(tenantId, sessionId, cancellationToken);
        }

        if (result == SessionRemovalResult.Removed)
        {
            await Grain(grains, tenantId, sessionId).ForgetAsync();
        }

        return result;
    }

    private static ISessionGrain Grain(IGrainFactory grains, string tenantId, string sessionId) =>
        grains.GetGrain<ISessionGrain>(RunHostKey.Of(tenantId, sessionId));
}
