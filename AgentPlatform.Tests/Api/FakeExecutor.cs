using System.Collections.Concurrent;
using System.Net;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Tests.Api;

/// <summary>An executor on a real port that speaks the internal wire and does with each run what the test says.</summary>
internal sealed class FakeExecutor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeExecutor(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>What happens to a run; without a script it is answered at once.</summary>
    public Func<FakeRun, Task> OnRun { get; set; } = run => run.CompleteAsync();

    /// <summary>What those who watch a run are sent; without a script there is no such run.</summary>
    public Func<FakeRun, Task> OnFrames { get; set; } = run => run.RefuseAsync(404, ProblemCodes.RunNotFound, field: "run_id");

    /// <summary>What is told of a run that is looked up.</summary>
    public Func<Guid, RunView?> OnLookUp { get; set; } = _ => null;

    public IReadOnlyList<AgentInfo> Agents { get; set; } = [FakeRun.Agent()];

    public string ETag { get; set; } = "\"1\"";

    public HttpStatusCode AgentsStatus { get; set; } = HttpStatusCode.OK;

    public HttpStatusCode ToldStatus { get; set; } = HttpStatusCode.NoContent;

    public ConcurrentQueue<RunRequest> Runs { get; } = [];

    /// <summary>From where runs were watched.</summary>
    public ConcurrentQueue<string> Watched { get; } = [];

    public FakeClaims Claims { get; set; } = new();

    public ConcurrentQueue<ToldAnswer> Told { get; } = [];

    /// <summary>Statuses that the catalogue was answered with.</summary>
    public ConcurrentQueue<int> CatalogueReads { get; } = [];

    public static async Task<FakeExecutor> StartAsync(Func<FakeRun, Task>? onRun = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(json => WireJson.Apply(json.SerializerOptions));
        var app = builder.Build();
        var executor = new FakeExecutor(app);
        executor.OnRun = onRun ?? executor.OnRun;
        app.MapPost("/runs", executor.RunAsync);
        app.MapGet("/runs/{id:guid}/frames", executor.WatchAsync);
        app.MapGet("/runs/{id:guid}", executor.LookUp);
        app.MapPost("/idempotency/claim", (IdempotencyClaim claim) => executor.Claims.Claim(claim));
        app.MapPost("/idempotency/settle", (IdempotencySettlement settlement) => executor.Claims.Settle(settlement));
        app.MapPost("/idempotency/release", (IdempotencyRelease release) => executor.Claims.Release(release));
        app.MapGet("/agents", executor.GetAgents);
        app.MapPost("/sessions/{id}/told", executor.Tell);
        await app.StartAsync();
        return executor;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RunAsync(RunRequest request, HttpContext context)
    {
        Runs.Enqueue(request);
        await PlayAsync(OnRun, request, context);
    }

    private Task WatchAsync(Guid id, HttpContext context)
    {
        Watched.Enqueue(context.Request.Query["after"].ToString());
        var request = new RunRequest { RunId = id, TenantId = "", Agent = "default", Question = "", Timeout = 1, Attach = true, Watch = true };
        return PlayAsync(OnFrames, request, context);
    }

    private IResult LookUp(Guid id) => OnLookUp(id) is { } view
        ? Results.Json(view, WireJson.Options)
        : Results.Json(new { code = ProblemCodes.RunNotFound, detail = "There is no such run." }, statusCode: 404);

    private static async Task PlayAsync(Func<FakeRun, Task> script, RunRequest request, HttpContext context)
    {
        try
        {
            await script(new FakeRun(request, context));
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The front hung up.
        }
    }

    private IResult GetAgents(HttpContext context)
    {
        var unchanged = AgentsStatus == HttpStatusCode.OK && context.Request.Headers.IfNoneMatch == ETag;
        var status = unchanged ? HttpStatusCode.NotModified : AgentsStatus;
        CatalogueReads.Enqueue((int)status);
        context.Response.Headers.ETag = ETag;
        return status == HttpStatusCode.OK ? Results.Json(Agents, WireJson.Options) : Results.StatusCode((int)status);
    }

    private IResult Tell(string id, ToldAnswer told)
    {
        if (id == told.SessionId && ToldStatus == HttpStatusCode.NoContent)
        {
            Told.Enqueue(told);
        }

        return Results.StatusCode((int)ToldStatus);
    }
}
