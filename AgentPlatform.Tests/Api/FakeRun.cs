using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.Api;

/// <summary>One posted run in the hands of a test.</summary>
internal sealed class FakeRun(RunRequest request, HttpContext context)
{
    public const string Version = "v1";

    public static readonly DateTimeOffset StartedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public RunRequest Request => request;

    public string Tenant => context.Request.Headers[InternalWire.TenantHeader].ToString();

    public string TraceParent => context.Request.Headers.TraceParent.ToString();

    /// <summary>Where a watcher wants to go on.</summary>
    public FrameId After => FrameId.TryParse(context.Request.Query["after"], out var after) ? after : FrameId.Start;

    /// <summary>Cancelled when the front hung up.</summary>
    public CancellationToken HungUp => context.RequestAborted;

    public static AgentInfo Agent(string name = "default") => new()
    {
        Name = name,
        Version = Version,
        Description = "Answers.",
        Model = "default",
        ModelSettings = "settings",
        Limits = new AgentLimits(),
        Cache = new AgentCachePolicy(),
    };

    public RunOutcome Outcome(string answer = "4") => new()
    {
        RunId = request.RunId,
        Status = RunStatus.Completed,
        Agent = request.Agent,
        AgentVersion = Version,
        SessionId = request.SessionId,
        Answer = answer,
        Iterations = 1,
        Model = "model-1",
        Usage = new Usage(100, 20, 0.25m, false),
        Cache = new CacheDecision { Storable = true, Decision = "storable" },
    };

    public RunOutcome Failure(RunStatus status, FailureReason? reason = null) => Outcome() with
    {
        Status = status,
        Answer = null,
        Model = null,
        Reason = reason,
        Cache = new CacheDecision { Decision = "degraded" },
    };

    public Task CompleteAsync(string answer = "4") => EndAsync(Outcome(answer));

    public Task FailAsync(RunStatus status, FailureReason? reason = null) => EndAsync(Failure(status, reason));

    public Task EndAsync(RunOutcome outcome) => SendAsync(new RunFrame { Outcome = outcome });

    /// <summary>Durable from now on.</summary>
    public Task AcceptAsync(bool queued = false) => SendAsync(new RunFrame { Event = Started() with { Queued = queued } });

    public RunStarted Started() => new()
    {
        Seq = 1,
        At = StartedAt,
        Agent = request.Agent,
        AgentVersion = Version,
        Question = request.Question,
        SessionId = request.SessionId,
        Background = request.Background,
        Executor = "e1",
    };

    /// <summary>A piece of the reply being written after an event.</summary>
    public Task DeltaAsync(long seq, int n, string text, int offset, int attempt = 1) =>
        SendAsync(new RunFrame { Delta = new ReplyDelta(seq, n, text, offset, attempt) });

    public Task EventAsync(RunEvent happened) => SendAsync(new RunFrame { Event = happened });

    public Task HeartbeatAsync() => SendAsync(RunFrame.Heartbeat);

    public async Task SendAsync(RunFrame frame)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(frame, WireJson.Options);
        await WriteAsync([.. line, (byte)'\n']);
    }

    public async Task WriteAsync(byte[] bytes)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = InternalWire.FramesContentType;
        }

        await context.Response.Body.WriteAsync(bytes, HungUp);
        await context.Response.Body.FlushAsync(HungUp);
    }

    /// <summary>Alive and at work until the front hangs up.</summary>
    public async Task WorkForeverAsync()
    {
        while (true)
        {
            await HeartbeatAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100), HungUp);
        }
    }

    /// <summary>Hangs with the connection open.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, HungUp);

    /// <summary>The connection is reset.</summary>
    public Task BreakAsync()
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public Task RefuseAsync(int status, string code, int? retryAfter = null, string? field = null)
    {
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = $"{seconds}";
        }

        return Results.Json(new { code, detail = "The executor refused the run.", field }, WithReflection, "application/problem+json", status).ExecuteAsync(context);
    }

    private static JsonSerializerOptions WithReflection { get; } = new(JsonSerializerDefaults.Web);
}
