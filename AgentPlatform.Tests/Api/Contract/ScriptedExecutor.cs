using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>An executor over real HTTP that answers what a test wrote down, and remembers what it was asked.</summary>
internal sealed class ScriptedExecutor : IAsyncDisposable
{
    public const string InternalKey = "the-key-of-scripted-executors";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _script = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ScriptedRequest> _seen = new();

    private ScriptedExecutor(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public IReadOnlyList<ScriptedRequest> Seen => [.. _seen];

    public static async Task<ScriptedExecutor> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var executor = new ScriptedExecutor(app);
        app.Run(executor.AnswerAsync);
        await app.StartAsync();
        return executor;
    }

    /// <param name="route">Such as <c>GET /runs</c>, without the query.</param>
    public void On(string route, Func<HttpContext, Task> answer) => _script[route] = answer;

    public void OnJson<T>(string route, T body, int status = StatusCodes.Status200OK, string? etag = null) => On(route, context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.ETag = etag;
        return context.Response.WriteAsync(JsonSerializer.Serialize(body, WireJson.Options), context.RequestAborted);
    });

    public void OnProblem(string route, int status, string code, string detail, string? field = null, string? retryAfter = null) => On(route, context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsJsonAsync(
            new { title = "any", status, detail, code, trace_id = "inner", field }, options: null, "application/problem+json", context.RequestAborted);
    });

    /// <summary>Runs end at once with this outcome, under the id that was asked for.</summary>
    public void OnRun(Func<RunRequest, RunOutcome> outcome) => On("POST /runs", async context =>
    {
        var request = JsonSerializer.Deserialize<RunRequest>(_seen.Last(seen => seen.Route == "POST /runs").Body, WireJson.Options)!;
        context.Response.ContentType = InternalWire.FramesContentType;
        var frame = request.Background
            ? new RunFrame { Event = new RunStarted { Seq = 1, Agent = request.Agent, AgentVersion = "v1", Question = request.Question, Executor = "e1", Queued = true } }
            : new RunFrame { Outcome = outcome(request) };
        await context.Response.WriteAsync(JsonSerializer.Serialize(frame, WireJson.Options) + "\n", context.RequestAborted);
    });

    public ScriptedRequest LastOf(string route) => Seen.Last(request => request.Route == route);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var route = $"{context.Request.Method} {context.Request.Path}";
        _seen.Enqueue(new ScriptedRequest(
            route,
            context.Request.QueryString.Value ?? "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted)));
        if (_script.TryGetValue(route, out var answer))
        {
            await answer(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}

/// <summary>What an executor was asked.</summary>
internal sealed record ScriptedRequest(string Route, string Query, IReadOnlyDictionary<string, string> Headers, string Body);
