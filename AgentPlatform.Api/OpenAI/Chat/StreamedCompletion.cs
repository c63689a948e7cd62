using System.Text;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>A chat completion as a stream while it is made. What is refused before anything happened is an ordinary error.</summary>
internal sealed class StreamedCompletion(AgentQuestion question, ChatRequest request, CompletionIds completion) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var cancellationToken = httpContext.RequestAborted;
        httpContext.Response.Headers[OpenAIError.ShouldRetryHeader] = "false";
        await using var stream = new EventStream(
            httpContext, services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat, beginsByItself: true, services.GetRequiredService<TimeProvider>());
        var live = new LiveCompletion(stream, request, completion);
        var result = await services.GetRequiredService<AgentRequestHandler>().HandleAsync(question, live, cancellationToken);
        stream.Cache = result.Cache ?? stream.Cache;
        switch (result)
        {
            case AgentResult.Answered { Answer: var answer }:
                if (!stream.HasBegun)
                {
                    ChatEndpoints.Announce(httpContext.Response, answer);
                }

                await live.FinishAsync(answer, cancellationToken);
                if (live.IsVoid)
                {
                    await FailAsync(httpContext, stream, Void(answer.RunId));
                }

                break;
            case AgentResult.AwaitingApproval waiting:
                await FailAsync(httpContext, stream, ChatEndpoints.NeedsApproval(waiting));
                break;
            case AgentResult.Refused refused:
                await FailAsync(httpContext, stream, refused.ToProblem());
                break;
        }
    }

    /// <summary>An ordinary error while nothing has been sent, else the last event of the stream.</summary>
    private static Task FailAsync(HttpContext context, EventStream stream, ProblemHttpResult problem)
    {
        if (stream.HasBegun)
        {
            return stream.SendDataAsync(Encoding.UTF8.GetBytes(OpenAIError.Text(problem.ProblemDetails)), context.RequestAborted);
        }

        context.Response.Headers.Remove(OpenAIError.ShouldRetryHeader);
        return problem.ExecuteAsync(context);
    }

    private static ProblemHttpResult Void(Guid? runId) => Problem.Result(
        StatusCodes.Status502BadGateway, ProblemCodes.ReplyDiscarded,
        "What was shown of the answer does not count: it broke off, and another was made. Read it at /runs, or ask again.", runId: runId);
}
