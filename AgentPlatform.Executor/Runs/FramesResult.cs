using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>The stream of frames of one followed run.</summary>
internal sealed class FramesResult(IRunHost host, RunRequest request, RunNews first) : IResult
{
    private static readonly byte[] Heartbeat = [.. JsonSerializer.SerializeToUtf8Bytes(RunFrame.Heartbeat, WireJson.Options), (byte)'\n'];

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Where a watcher stands who has seen nothing of this stream yet; null for one who only wants the outcome.</summary>
    public FrameId? After { get; init; }

    /// <summary>A run that waits for a person does not end the stream.</summary>
    public bool ThroughWaits { get; init; }

    /// <summary>One look at the host: for those who watch, from where they stand.</summary>
    public static Task<RunNews> LookAsync(IRunHost host, RunRequest request, byte[] body, FrameId? after) => after is { } seen
        ? host.WatchAsync(body, seen.Seq, seen.N, request.Watch)
        : host.FollowAsync(body);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var aborted = httpContext.RequestAborted;
        var response = httpContext.Response;
        response.ContentType = InternalWire.FramesContentType;
        byte[]? again = null;
        var after = After;

        // A host that moved or stopped refuses now: the stream ends without an outcome, and the caller asks elsewhere.
        for (var news = first; news.Refused is null && !aborted.IsCancellationRequested; news = await LookAsync(host, request, again, after))
        {
            var waits = news.Waits && ThroughWaits;
            if (news.Outcome is not null && !waits)
            {
                await response.BodyWriter.WriteAsync(news.Outcome, aborted);
                return;
            }

            await response.BodyWriter.WriteAsync(news.Frames ?? Heartbeat, aborted);
            if (news.Frames is not null)
            {
                after = news.Last;
            }
            else if (waits)
            {
                await Task.Delay(Pace, aborted);
            }

            again ??= JsonSerializer.SerializeToUtf8Bytes(request with { Attach = true }, WireJson.Options);
        }
    }
}
