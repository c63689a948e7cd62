using System.Diagnostics;
using System.Text.Json;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Tenants;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// <c>POST /runs</c>: start a run or attach to it, and follow it; <c>GET /runs/{id}/frames</c>: watch one from where the caller stands. The answer is a
/// stream of JSON lines: a heartbeat each second, the outcome last. A stream that ends without an outcome means: ask another
/// executor for the same.
/// </summary>
internal static class RunEndpoints
{
    private const int MaxLooks = 3;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    public static IEndpointRouteBuilder MapRuns(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/runs", FollowAsync);
        routes.MapGet("/runs/{id}/frames", WatchAsync).AddEndpointFilter<TenantRequired>();
        return routes;
    }

    private static async Task<IResult> FollowAsync(HttpContext http, IGrainFactory grains, RunGate gate, FaultInjection faults, CancellationToken cancellationToken)
    {
        var request = await http.Request.ReadWireAsync<RunRequest>();
        if (request is null)
        {
            return ExecutorProblems.Unreadable("The body must be a run.");
        }

        if (RunRequestRules.Broken(request) is { } broken)
        {
            return broken;
        }

        if (gate.IsDraining && !gate.Hosts(request.RunId))
        {
            // Without asking a host: asked from here it could be placed here, and would be in the way of the next executor's.
            return ExecutorProblems.Draining();
        }

        if (request.Context?.ResponseSchema is { } schema && OutputSchema.Mistake(schema) is { } mistake)
        {
            return ExecutorProblems.Invalid("response_format", $"The schema of 'response_format' cannot be used: {mistake}.");
        }

        request = request with { Faults = faults.Admit(request.Faults) };
        if (request is { Faults: { } asked, Attach: false } && IsDatabaseAway(asked))
        {
            return ExecutorProblems.DatabaseUnavailable();
        }

        // Who posts a background run wants to read that it was accepted.
        request = request with { TraceParent = Activity.Current?.Id };
        return await StreamAsync(grains, request, request.Watch || request.Background ? FrameId.Start : null, throughWaits: false);
    }

    /// <summary>What an executor says that has lost its lease because the database does not answer.</summary>
    private static bool IsDatabaseAway(string faults) =>
        FaultPlan.TryParse(faults, out var plan, out _) && new ActiveFaults(plan.Faults, FaultPoint.Model).Take(FaultPoint.Database) is not null;

    private static async Task<IResult> WatchAsync(
        CallerTenant tenant, string id, string? after, IGrainFactory grains, RunDriver driver, CancellationToken cancellationToken)
    {
        var position = FrameId.Start;
        if (after is not null && !FrameId.TryParse(after, out position))
        {
            return ExecutorProblems.Invalid("after", "'after' must be a position in the stream, such as 3.0.");
        }

        if (!Guid.TryParse(id, out var runId) || await driver.FindShownAsync(tenant.Id, runId, cancellationToken) is not { Started: { } started })
        {
            return ExecutorProblems.RunNotFound(id);
        }

        return await StreamAsync(grains, RunHosts.Request(tenant.Id, runId, started) with { Watch = true }, position, throughWaits: true);
    }

    private static async Task<IResult> StreamAsync(IGrainFactory grains, RunRequest request, FrameId? after, bool throughWaits)
    {
        var host = RunHosts.Of(grains, request);
        var news = await FirstLookAsync(host, request, after);
        return news.Exceeded is { } exceeded ? ExecutorProblems.BudgetExceeded(JsonSerializer.Deserialize<BudgetExceeded>(exceeded, WireJson.Options)!)
            : news.Refused is { } code ? ExecutorProblems.Refused(code, request)
            : new FramesResult(host, request, news) { After = after, ThroughWaits = throughWaits };
    }

    /// <summary>A silo that is leaving may refuse a call that its host would have taken elsewhere a moment later: asked again, it is.</summary>
    private static async Task<RunNews> FirstLookAsync(IRunHost host, RunRequest request, FrameId? after)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var body = JsonSerializer.SerializeToUtf8Bytes(attempt == 1 ? request : request with { Attach = true }, WireJson.Options);
                return await FramesResult.LookAsync(host, request, body, after);
            }
            catch (OrleansException) when (attempt < MaxLooks)
            {
                await Task.Delay(LookAgainAfter);
            }
        }
    }
}
