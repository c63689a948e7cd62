using AgentPlatform.Api.Input;
using Microsoft.AspNetCore.Http.Features;

namespace AgentPlatform.Api.Hosting;

/// <summary>
/// Reads what nobody read of a body once the answer is out, as much as the route allows: a caller still sending would see a broken connection instead of the answer.
/// The server does so as well, but as fast as bytes come.
/// </summary>
internal static class UnreadBodies
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static IApplicationBuilder UseUnreadBodies(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        await next(context);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return;
        }

        try
        {
            if (!IsRead(context.Request))
            {
                await context.Response.CompleteAsync();
                await ReadOnAsync(context);
            }
        }
        catch (BadHttpRequestException)
        {
            // More than is read, or no HTTP any more: the server hangs up after the answer.
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller left or took too long.
            await context.Response.CompleteAsync();
            context.Abort();
        }
    });

    private static bool IsRead(HttpRequest request)
    {
        if (!request.BodyReader.TryRead(out var read))
        {
            return false;
        }

        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return read is { IsCompleted: true, Buffer.IsEmpty: true };
    }

    private static async Task ReadOnAsync(HttpContext context)
    {
        var pace = context.RequestServices.GetRequiredService<BodyPace>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        for (var ended = false; !ended;)
        {
            var read = await context.Request.BodyReader.ReadAtLeastAsync(BodyPace.Slice, patience.Token);
            var length = read.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            await pace.NextAsync(length, patience.Token);
            ended = read.IsCompleted;
        }
    }
}
