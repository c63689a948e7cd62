using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Runs;

/// <summary>The stream of frames of one followed run.</summary>
internal sealed class FramesResult(IRunHost host, RunRequest request, RunNews first) : IResult
{
    private static readonly byte[] Heartbeat = [.. JsonSerializer.SerializeToUtf8Bytes(RunFrame.Heartbeat, WireJson.Options), (byte)'\n'];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var aborted = httpContext.RequestAborted;
        var response = httpContext.Response;
        response.ContentType = InternalWire.FramesContentType;
        byte[]? again = null;

        // A host that moved or stopped refuses now: the stream ends without an outcome, and the caller asks elsewhere.
        for (var news = first; news.Refused is null && !aborted.IsCancellationRequested; news = await host.FollowAsync(again))
        {
            await response.BodyWriter.WriteAsync(news.Outcome ?? Heartbeat, aborted);
            if (news.Outcome is not null)
            {
                return;
            }

            again ??= JsonSerializer.SerializeToUtf8Bytes(request with { Attach = true }, WireJson.Options);
        }
    }
}
