using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace AgentPlatform.Api.Streaming;

/// <summary>
/// Server-sent events to one client. The answer begins with the first event, so that what goes wrong before is an ordinary problem. When nothing
/// happens a comment shows that somebody is there. A client that left is not written to any more.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    public const string ContentType = "text/event-stream";

    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    private readonly HttpContext _context;
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _beating;
    private readonly bool _beginsByItself;
    private bool _spoke;

    /// <param name="beginsByItself">The first heartbeat may begin the answer; else only an event does.</param>
    public EventStream(HttpContext context, TimeSpan heartbeat, bool beginsByItself, TimeProvider timeProvider)
    {
        _context = context;
        _beginsByItself = beginsByItself;
        _timer = new PeriodicTimer(heartbeat, timeProvider);
        _beating = BeatAsync();
    }

    /// <summary>What is told of the cache; without effect once the answer has begun.</summary>
    public CacheHeaders? Cache { get; set; }

    public bool HasBegun => _context.Response.HasStarted;

    /// <summary>The answer begins now, with nothing to tell yet.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) =>
        HasBegun ? Task.CompletedTask : WriteAsync(default, cancellationToken);

    public Task SendAsync<T>(string name, FrameId? id, T data, CancellationToken cancellationToken) =>
        SendJsonAsync(name, id, JsonSerializer.SerializeToUtf8Bytes(data, PublicJson.Options), cancellationToken);

    /// <param name="json">On one line.</param>
    public Task SendJsonAsync(string name, FrameId? id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var head = id is { } position ? $"id: {position}\nevent: {name}\ndata: " : $"event: {name}\ndata: ";
        return WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. json.Span, (byte)'\n', (byte)'\n'], cancellationToken);
    }

    /// <summary>An event without a name, as some dialects have it.</summary>
    /// <param name="data">On one line.</param>
    public Task SendDataAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        WriteAsync((byte[])[.. "data: "u8, .. data.Span, (byte)'\n', (byte)'\n'], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _timer.Dispose();
        await _beating;
        _one.Dispose();
        _ended.Dispose();
    }

    private async Task BeatAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            if (!_spoke && (HasBegun || _beginsByItself))
            {
                await WriteAsync(Heartbeat, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _spoke = false;
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var left = _context.RequestAborted;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (left.IsCancellationRequested)
            {
                return;
            }

            Begin();
            _spoke = true;
            _context.Response.BodyWriter.Write(bytes.Span);
            await _context.Response.BodyWriter.FlushAsync(left);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && left.IsCancellationRequested)
        {
            // The client left while it was written to.
        }
        finally
        {
            _one.Release();
        }
    }

    private void Begin()
    {
        var response = _context.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        Cache?.Write(response);
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
