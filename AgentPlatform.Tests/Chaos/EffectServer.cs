using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Tests.Chaos;

/// <summary>The outside world: a server whose <c>POST /{tool}</c> are the effects of tools. It counts them by <c>Idempotency-Key</c> and outlives every kill.</summary>
internal sealed class EffectServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Effect, int> _calls = new();
    private readonly WebApplication _app;
    private int _keyless;

    private EffectServer(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First();

    /// <summary>How often each effect was asked for.</summary>
    public IReadOnlyDictionary<Effect, int> Calls => _calls;

    /// <summary>Calls without a key of the form <c>run_id:call_id</c>.</summary>
    public int Keyless => Volatile.Read(ref _keyless);

    /// <param name="slowness">How long an effect takes: a kill should find some under way.</param>
    public static async Task<EffectServer> StartAsync(TimeSpan slowness, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new EffectServer(app);
        app.MapPost("/{tool}", async (string tool, HttpContext context) =>
        {
            server.Record(tool, context.Request.Headers["Idempotency-Key"].ToString());
            await Task.Delay(slowness, CancellationToken.None);
            return "done";
        });
        await app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Different effects of one tool in one run.</summary>
    public int Count(string tool, string runId) => _calls.Keys.Count(effect => effect.Tool == tool && effect.RunId == runId);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Record(string tool, string key)
    {
        if (key.Split(':') is [var runId, var callId])
        {
            _calls.AddOrUpdate(new Effect(tool, runId, callId), 1, static (_, calls) => calls + 1);
        }
        else
        {
            Interlocked.Increment(ref _keyless);
        }
    }

    internal sealed record Effect(string Tool, string RunId, string CallId);
}
