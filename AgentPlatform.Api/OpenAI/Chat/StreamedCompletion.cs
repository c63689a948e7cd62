using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>A chat completion as a stream while it is made. What is refused before anything happened is an ordinary error.</summary>
/// <param name="holdsBack">The text is shown whole at the end.</param>
internal sealed class StreamedCompletion(AgentQuestion question, ChatRequest request, CompletionIds completion, KeyedRequest? keyed, bool holdsBack) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var cancellationToken = httpContext.RequestAborted;
        await using var stream = new EventStream(
            httpContext, services.GetRequiredService<IOptions<WatchOptions>>().Value.Heartbeat, beginsByItself: true, services.GetRequiredService<TimeProvider>());
        var live = new LiveCompletion(stream, request, completion, holdsBack);
        httpContext.Response.Headers[OpenAIError.ShouldRetryHeader] = "false";
        var asked = await services.GetRequiredService<ChatAsking>().AskAsync(question, request, completion, keyed, live, cancellationToken);
        if (!asked.IsGood)
        {
            await FailAsync(httpContext, stream, OpenAIError.Delivery(asked.Problem), asked.Problem);
            return;
        }

        var (delivery, result, _) = asked.Value;
        stream.Cache = delivery.Cache ?? stream.Cache;
        if (delivery.IsProblem)
        {
            await FailAsync(httpContext, stream, delivery, asked.Value);
            return;
        }

        if (!stream.HasBegun)
        {
            asked.Value.Announce(httpContext.Response);
        }

        if (result is AgentResult.Answered { Answer: var answer })
        {
            await live.FinishAsync(answer, cancellationToken);
            if (live.IsVoid)
            {
                var problem = Void(answer.RunId);
                await FailAsync(httpContext, stream, OpenAIError.Delivery(problem), problem);
            }
        }
        else
        {
            await live.ReplayAsync(JsonElement.Parse(delivery.Body), cancellationToken);
        }
    }

    /// <summary>An ordinary error while nothing has been sent, else the last event of the stream.</summary>
    private static async Task FailAsync(HttpContext context, EventStream stream, Delivery error, IResult plain)
    {
        if (!stream.HasBegun)
        {
            context.Response.Headers.Remove(OpenAIError.ShouldRetryHeader);
            await plain.ExecuteAsync(context);
            return;
        }

        await stream.SendDataAsync(Encoding.UTF8.GetBytes(error.Body), context.RequestAborted);
        // Not every official client reads an error inside a stream: one that passes it over must not take what it has for the whole answer.
        context.Abort();
    }

    private static ProblemHttpResult Void(Guid? runId) => Problem.Result(
        StatusCodes.Status502BadGateway, ProblemCodes.ReplyDiscarded,
        "What was shown of the answer does not count: it broke off, and another was made. Read it at /runs, or ask again.", runId: runId);
}
