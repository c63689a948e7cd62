using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Runs.Watching;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Streaming;

/// <summary>
/// The answer to a question as a stream of events while it is made. What is refused before anything happened is an ordinary problem. An answer that
/// stands under an idempotency key is a stream of its last event.
/// </summary>
internal sealed class StreamedAnswer(AgentQuestion question, KeyedRequest? keyed) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        await using var stream = new EventStream(
            httpContext,
            services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat,
            beginsByItself: true,
            services.GetRequiredService<TimeProvider>());
        var live = new LiveAnswer(stream);
        if (keyed is null)
        {
            var result = await services.GetRequiredService<AgentRequestHandler>().HandleAsync(question, live, httpContext.RequestAborted);
            await EndAsync(stream, live, Delivery.Of(result, httpContext), (result as AgentResult.Refused)?.ToProblem(), httpContext);
            return;
        }

        var standing = await services.GetRequiredService<KeyedQuestion>().AnswerAsync(keyed, question, live, httpContext);
        if (standing.IsGood)
        {
            standing.Value.Announce(httpContext.Response);
            var isWhole = standing.Value.Replayed && !stream.HasBegun;
            await EndAsync(stream, isWhole ? null : live, standing.Value.Delivery, standing.Value, httpContext);
        }
        else
        {
            await EndAsync(stream, live, Delivery.Of(standing.Problem, httpContext), standing.Problem, httpContext);
        }
    }

    /// <param name="live">What the client was shown; null to send only the last event.</param>
    /// <param name="plain">The same without a stream, for a problem that comes before one.</param>
    private static Task EndAsync(EventStream stream, LiveAnswer? live, Delivery delivery, IResult? plain, HttpContext context)
    {
        stream.Cache = delivery.Cache ?? stream.Cache;
        return plain is not null && delivery.IsProblem && !stream.HasBegun ? plain.ExecuteAsync(context)
            : live is null ? LiveAnswer.EndAsync(stream, delivery, context.RequestAborted)
            : live.FinishAsync(delivery, context.RequestAborted);
    }
}
