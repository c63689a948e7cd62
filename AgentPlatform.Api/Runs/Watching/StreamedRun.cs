using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Runs.Watching;

/// <summary>A run's events from a position on, as a stream that ends with the run. Nobody's answer depends on it: there is no ladder here.</summary>
internal sealed class StreamedRun(string tenant, Guid runId, FrameId after) : IResult
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var cancellationToken = httpContext.RequestAborted;
        await using var stream = new EventStream(
            httpContext,
            services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat,
            beginsByItself: false,
            services.GetRequiredService<TimeProvider>());
        var live = new LiveAnswer(stream);
        var reply = await services.GetRequiredService<RunWatches>().WatchAsync(
            tenant, runId, after, (frame, token) => live.ShowAsync(runId, frame, token), cancellationToken);
        var result = Conclude(reply);
        if (result is AgentResult.Refused refused && !stream.HasBegun)
        {
            await refused.ToProblem().ExecuteAsync(httpContext);
            return;
        }

        if (result is AgentResult.Answered answered)
        {
            var duration = live.LastAt - live.StartedAt
                ?? await DurationAsync(services, cancellationToken);
            result = answered with { Answer = answered.Answer with { Duration = Math.Round(Math.Max(0, duration.TotalSeconds), 3) } };
        }

        await LiveAnswer.EndAsync(stream, Delivery.Of(result, httpContext), cancellationToken);
    }

    private AgentResult Conclude(RunReply reply) => Reasons.Of(reply) is { } reason
        ? AgentResult.Refused.Because(reason, reply, runId)
        : reply switch
        {
            RunReply.Outcome { Run: { Status: RunStatus.AwaitingApproval } waiting } => AgentResult.AwaitingApproval.Of(waiting),
            RunReply.Outcome { Run.Status: RunStatus.Cancelled } => AgentResult.Refused.Cancelled(runId),
            RunReply.Outcome { Run: var run } => new AgentResult.Answered(
                AgentAnswers.OfRun(run.Cache.Decision, run, CompletedRuns.Degradation(run, reattach: null, interrupted: false))),
            RunReply.Refused refused => AgentResult.Refused.As(refused),
            _ => throw new InvalidOperationException($"A reply of kind {reply.GetType().Name} has a reason."),
        };

    /// <summary>Who came back late in the run did not see it begin. Where executors die one after the other the next one is asked for a while.</summary>
    private async Task<TimeSpan> DurationAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (executor, time) = (services.GetRequiredService<ExecutorQueries>(), services.GetRequiredService<TimeProvider>());
        var within = services.GetRequiredService<IOptions<ExecutorClientOptions>>().Value.ReattachWithin;
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < within; await Task.Delay(AskAgainAfter, time, cancellationToken))
        {
            var view = await executor.RunAsync(tenant, runId, cancellationToken);
            if (view.Value?.Run is { FinishedAt: { } finished, CreatedAt: var created })
            {
                return finished - created;
            }

            if (view.Problem is { StatusCode: StatusCodes.Status404NotFound })
            {
                break;
            }
        }

        return TimeSpan.Zero;
    }
}
