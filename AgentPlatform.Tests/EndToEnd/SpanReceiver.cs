using System.Collections.Concurrent;
using AgentPlatform.Tests.Executor.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>An OTLP receiver (http/protobuf) that keeps the spans.</summary>
internal sealed class SpanReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private WebSite? _site;

    public string Endpoint => $"http://127.0.0.1:{_site!.Port}";

    public IReadOnlyCollection<ReceivedSpan> Spans => _spans;

    public static async Task<SpanReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var receiver = new SpanReceiver();
        receiver._site = await WebSite.StartAsync(
            routes =>
            {
                routes.MapPost("/v1/traces", receiver.ReceiveAsync);
                routes.MapPost("/v1/{other}", (string other) => Results.Ok());
            },
            cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        foreach (var span in OtlpTraces.Read(body.ToArray()))
        {
            _spans.Enqueue(span);
        }
    }
}
