using System.Text;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Api.Streaming;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// A response that is asked for and shown while it is made. What is refused before anything happened is an ordinary error. One that stands under a key is shown again
/// from its journal.
/// </summary>
internal sealed class ResponseStream(AgentQuestion question, ResponseRequest request, KeyedRequest? keyed) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        await using var stream = new EventStream(
            httpContext,
            services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat,
            beginsByItself: true,
            services.GetRequiredService<TimeProvider>());
        using var showing = new ShownResponse(stream, request, services, httpContext.RequestAborted);
        var asking = services.GetRequiredService<ResponseAsking>().CarryOutAsync(question, keyed, showing.ShowAsync, showing.Leaving);
        if (await Task.WhenAny(asking, showing.Broken) != asking)
        {
            // The client was told that its stream cannot go on. It has not left: the run goes on for it.
            return;
        }

        var created = await asking;
        stream.Cache = created.Value?.Delivery.Cache ?? stream.Cache;
        if (!stream.HasBegun)
        {
            await ShowWholeAsync(created, stream, services, httpContext);
        }
    }

    /// <summary>Nothing was shown: an error, or what was delivered before under the same key.</summary>
    private async Task ShowWholeAsync(OrProblem<CreatedResponse> created, EventStream stream, IServiceProvider services, HttpContext context)
    {
        if (!created.IsGood)
        {
            await created.Problem.ExecuteAsync(context);
            return;
        }

        if (created.Value.Delivery.IsProblem)
        {
            await created.Value.ExecuteAsync(context);
            return;
        }

        var id = ResponseIds.Of(created.Value.RunId!.Value);
        var found = await services.GetRequiredService<StoredResponses>().FindEndedAsync(question.TenantId, id, context.RequestAborted);
        if (found.IsGood)
        {
            var live = new LiveResponse(stream, new ResponseFold(created.Value.RunId.Value));
            await services.GetRequiredService<ResponseFollowing>().FollowAsync(question.TenantId, found.Value, live, context.RequestAborted);
            return;
        }

        var last = $$"""{"type":"{{ResponseEvent.Completed}}","sequence_number":0,"response":{{created.Value.Delivery.Body}}}""";
        await stream.SendJsonAsync(ResponseEvent.Completed, id: null, Encoding.UTF8.GetBytes(last), context.RequestAborted);
    }
}
