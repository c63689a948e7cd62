using System.Collections.Concurrent;
using AgentPlatform.Tests.Executor.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.EndToEnd.Canaries;

/// <summary>An OTLP receiver (http/protobuf) that keeps every export as its bytes: texts stand in them as they are.</summary>
internal sealed class TelemetryBox : IAsyncDisposable
{
    private WebSite? _site;

    public string Endpoint => $"http://127.0.0.1:{_site!.Port}";

    /// <summary>By signal: <c>traces</c>, <c>metrics</c>, <c>logs</c>.</summary>
    public ConcurrentQueue<(string Signal, byte[] Bytes)> Exports { get; } = new();

    public static async Task<TelemetryBox> StartAsync(CancellationToken cancellationToken)
    {
        var box = new TelemetryBox();
        box._site = await WebSite.StartAsync(routes => routes.MapPost("/v1/{signal}", box.KeepAsync), cancellationToken);
        return box;
    }

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task KeepAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Exports.Enqueue(((string)context.Request.RouteValues["signal"]!, body.ToArray()));
    }
}
