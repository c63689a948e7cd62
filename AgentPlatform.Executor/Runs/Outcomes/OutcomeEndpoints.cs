using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Runs.Outcomes;

/// <summary><c>POST /runs/{id}/outcomes/{call_id}</c>: a person found out how a call ended that broke off.</summary>
internal static class OutcomeEndpoints
{
    public static IServiceCollection AddToolOutcomes(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ToolOutcomes>();
        services.AddAudit();
        services.TryAddSingleton<SessionChanged>((_, _) => Task.CompletedTask);
        return services;
    }

    public static RouteGroupBuilder MapToolOutcomes(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/runs/{id}/outcomes");
        group.MapPost("/{callId}", RecordAsync).WithAudit(AuditActions.OutcomeRecorded);
        return group;
    }

    private static async Task<Results<JsonHttpResult<RunStanding>, ExecutorProblem>> RecordAsync(
        CallerTenant tenant,
        string id,
        string callId,
        HttpRequest request,
        RunLookup runs,
        ToolOutcomes outcomes,
        SessionChanged changed,
        CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<CallOutcome>() is not { } outcome)
        {
            return ExecutorProblems.Unreadable("The body must be what was found out about the call.");
        }

        var run = Guid.TryParse(id, out var runId)
            ? await runs.LoadAsync(tenant.Id, runId, cancellationToken)
            : null;
        if (run is null)
        {
            return ExecutorProblems.RunNotFound(id);
        }

        var state = FoldedRun.Of(run.Events).State;
        if (state.Calls.FirstOrDefault(known => known.Call.CallId == callId) is not { } call)
        {
            return ExecutorProblems.CallNotFound(callId);
        }

        if (!OpenOutcome.Is(call, state) || await outcomes.RecordAsync(tenant.Id, runId, callId, outcome, cancellationToken) == OutcomeRecording.Conflict)
        {
            return ExecutorProblems.OutcomeKnown(callId);
        }

        if (run.Row.SessionId is { } session)
        {
            await changed(tenant.Id, session);
        }

        return TypedResults.Json(new RunStanding(runId, state.Status), WireJson.Options);
    }
}
