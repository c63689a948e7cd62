using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.Executor.Tools.Http;

/// <summary>A request as the server saw it.</summary>
internal sealed record Received(string Line, string Body, string? ContentType, string Key, string TraceParent, string Authorization)
{
    public static async Task<Received> OfAsync(HttpContext context, ConcurrentQueue<Received> all)
    {
        using var reader = new StreamReader(context.Request.Body);
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var headers = context.Request.Headers;
        var received = new Received(
            $"{context.Request.Method} {target}",
            await reader.ReadToEndAsync(context.RequestAborted),
            context.Request.ContentType,
            headers["Idempotency-Key"].ToString(),
            headers.TraceParent.ToString(),
            headers.Authorization.ToString());
        all.Enqueue(received);
        return received;
    }
}
