using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Runs.Watching;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Streaming;

/// <summary>The answer to a question as a stream of events while it is made. What is refused before anything happened is an ordinary problem.</summary>
internal sealed class StreamedAnswer(AgentQuestion question) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var cancellationToken = httpContext.RequestAborted;
        await using var stream = new EventStream(
            httpContext,
            services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat,
            beginsByItself: true,
            services.GetRequiredService<TimeProvider>());
        var live = new LiveAnswer(stream);
        var result = await services.GetRequiredService<AgentRequestHandler>().HandleAsync(question, live, cancellationToken);
        if (result is AgentResult.Refused refused && !stream.HasBegun)
        {
            await refused.ToProblem().ExecuteAsync(httpContext);
            return;
        }

        await live.FinishAsync(Delivery.Of(result, httpContext), cancellationToken);
    }
}
