using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>
/// An OpenAI-compatible model server on a free port of this machine, real HTTP, plain and streaming. Tests script its replies and
/// read the requests it got; without a script it behaves like a small model (<see cref="FakeDefault"/>).
/// </summary>
public sealed class FakeModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeScript _script = new();
    private readonly FakeRequestLog _log = new(TimeProvider.System);
    private readonly CancellationTokenSource _stopping = new();
    private int _count;
    private int _disposed;

    private FakeModelServer(WebApplication app) => _app = app;

    /// <summary>For <c>OPENAI_BASE_URL</c>: ends in <c>/v1</c>.</summary>
    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <summary>What <c>GET /v1/models</c> lists; the first one signs the replies to requests without a model.</summary>
    public IReadOnlyList<string> Models { get; set; } = ["fake-model"];

    /// <summary>Off for load tests: requests are then counted only.</summary>
    public bool IsRecording { get; set; } = true;

    /// <summary>Chat completions asked for so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Chat completions asked for so far, oldest first.</summary>
    public IReadOnlyList<FakeModelRequest> Requests => _log.All;

    /// <param name="port">0 for any that is free; that of a server that ended for its successor.</param>
    public static async Task<FakeModelServer> StartAsync(CancellationToken cancellationToken, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        var server = new FakeModelServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>These replies follow, one per request, in this order.</summary>
    public FakeModelServer Next(params FakeReply[] replies)
    {
        _script.Add(replies);
        return this;
    }

    /// <summary>Every request that fits gets this reply, before the sequence; the newest rule wins.</summary>
    public FakeModelServer When(Func<FakeModelRequest, bool> fits, Func<FakeModelRequest, FakeReply> reply)
    {
        _script.Add(request => fits(request) ? reply(request) : null);
        return this;
    }

    /// <summary>Every request gets this reply, before the sequence; the newest rule wins.</summary>
    public FakeModelServer Always(Func<FakeModelRequest, FakeReply> reply) => When(_ => true, reply);

    /// <summary>Forgets rules and sequence.</summary>
    public void ClearScript() => _script.Clear();

    public Task WaitForRequestsAsync(int count, TimeSpan deadline, CancellationToken cancellationToken) => _log.WaitAsync(count, deadline, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync();
            await _app.DisposeAsync();
            _stopping.Dispose();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            await (context.Request.Path.Value switch
            {
                "/v1/chat/completions" or "/openai/v1/chat/completions" => CompleteAsync(context),
                "/v1/models" or "/openai/v1/models" => context.Response.WriteAsJsonAsync(new { @object = "list", data = Models.Select(id => new { id, @object = "model" }) }, _stopping.Token),
                _ => NotFoundAsync(context),
            });
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The client left or the server is stopping in the middle of a stall.
        }
    }

    private async Task CompleteAsync(HttpContext context)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        var request = await ReadAsync(context, stopping.Token);
        var reply = _script.Decide(request);
        if (reply.Latency > TimeSpan.Zero)
        {
            await Task.Delay(reply.Latency, stopping.Token);
        }

        await reply.HeldBack.WaitAsync(stopping.Token);
        await new FakeResponse(context, request, reply, Models[0], stopping.Token).WriteAsync();
    }

    private async Task<FakeModelRequest> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: cancellationToken);
        var headers = IsRecording ? context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase) : [];
        var request = new FakeModelRequest(Interlocked.Increment(ref _count), context.Request.Path, headers, body, TimeProvider.System.GetUtcNow());
        if (IsRecording)
        {
            _log.Add(request);
        }

        return request;
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
