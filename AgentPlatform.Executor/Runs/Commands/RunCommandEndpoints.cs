using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Executor.Runs.Commands;

/// <summary>What a person may say to a run: stop, and yes or no to a call that waits for it. Both may be said again without harm.</summary>
internal static class RunCommandEndpoints
{
    /// <summary>How long a stopped run may take to say how it ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IEndpointRouteBuilder MapRunCommands(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/runs").AddEndpointFilter<TenantRequired>();
        group.MapPost("/{id}/cancel", CancelAsync);
        group.MapPost("/{id}/approvals/{callId}", DecideAsync);
        return endpoints;
    }

    private static async Task<Results<JsonHttpResult<RunStanding>, ExecutorProblem>> CancelAsync(
        CallerTenant tenant, string id, IGrainFactory grains, RunDriver driver, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var runId) || await driver.FindShownAsync(tenant.Id, runId, cancellationToken) is not { Started: { } started } state)
        {
            return ExecutorProblems.RunNotFound(id);
        }

        var request = RunHosts.Request(tenant.Id, runId, started);
        var body = JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options);
        var begun = clock.GetTimestamp();
        while (state.Ending is null && clock.GetElapsedTime(begun) < Patience)
        {
            if ((await RunHosts.Of(grains, request).CancelAsync(body)).Refused is { } code)
            {
                return ExecutorProblems.Refused(code, request);
            }

            state = await driver.LookAsync(tenant.Id, runId, cancellationToken) ?? state;
        }

        return Standing(runId, state);
    }

    private static async Task<Results<JsonHttpResult<RunStanding>, ExecutorProblem>> DecideAsync(
        HttpContext http, CallerTenant tenant, CallerActor actor, string id, string callId, IGrainFactory grains, RunDriver driver, AuditTrail trail, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (await http.Request.ReadWireAsync<ApprovalDecision>() is not { } decision)
        {
            return ExecutorProblems.Unreadable("The body must be a decision.");
        }

        if (!Guid.TryParse(id, out var runId) || await driver.FindShownAsync(tenant.Id, runId, cancellationToken) is not { Started: { } started } state)
        {
            return ExecutorProblems.RunNotFound(id);
        }

        var request = RunHosts.Request(tenant.Id, runId, started);
        var body = JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options);
        var word = JsonSerializer.SerializeToUtf8Bytes(decision, WireJson.Options);
        var begun = clock.GetTimestamp();
        while (true)
        {
            switch (ApprovalRules.Check(state, callId, decision))
            {
                case ApprovalCheck.Recorded:
                    await trail.RecordAsync(
                        tenant.Id, actor.Name, decision.Approve ? AuditActions.ApprovalGiven : AuditActions.ApprovalDenied, $"{runId}/{callId}");
                    return Standing(runId, state);
                case ApprovalCheck.Waits when clock.GetElapsedTime(begun) < Patience:
                    break;
                case ApprovalCheck.Waits:
                    return ExecutorProblems.HostUnreachable();
                case var wrong:
                    return ApprovalRules.Problem(wrong, id, callId);
            }

            if ((await RunHosts.Of(grains, request).DecideAsync(body, callId, word)).Refused is { } code)
            {
                return ExecutorProblems.Refused(code, request);
            }

            // From here on it is recorded who said it, also when they have hung up.
            state = await driver.LookAsync(tenant.Id, runId, CancellationToken.None) ?? state;
        }
    }

    private static JsonHttpResult<RunStanding> Standing(Guid runId, RunState state) =>
        TypedResults.Json(new RunStanding(runId, state.Status), WireJson.Options);
}
