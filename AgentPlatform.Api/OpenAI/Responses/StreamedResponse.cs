using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Api.Streaming;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// The events of a stored response beyond a number, as a stream that ends with the response. They are counted from its beginning each time, so any replica gives the same.
/// When the contact with its run is lost the stream ends without a last event, and the client comes back with the number it has.
/// </summary>
internal sealed class StreamedResponse(string tenant, StoredResponse stored, int after) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        await using var stream = new EventStream(
            httpContext,
            services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat,
            beginsByItself: true,
            services.GetRequiredService<TimeProvider>());
        var live = new LiveResponse(stream, new ResponseFold(stored.View.Run.RunId), after);
        await stream.BeginAsync(httpContext.RequestAborted);
        await services.GetRequiredService<ResponseFollowing>().FollowAsync(tenant, stored, live, httpContext.RequestAborted);
    }
}
