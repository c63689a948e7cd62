using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Streaming;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>Asks for a completion once; under a key it is the same request each time.</summary>
internal sealed class ChatAsking(AgentRequestHandler handler, KeyedRequests requests, KeyedQuestion keyedQuestion, TimeProvider timeProvider)
{
    /// <param name="keyed">Null for a request without a key.</param>
    /// <param name="live">Who watches it being made; null for a caller who wants it in one piece.</param>
    public async Task<OrProblem<AskedCompletion>> AskAsync(
        AgentQuestion question, ChatRequest request, CompletionIds completion, KeyedRequest? keyed, ILiveAnswer? live, CancellationToken cancellationToken)
    {
        if (keyed is null)
        {
            var result = await handler.HandleAsync(question, live, cancellationToken);
            return new AskedCompletion(Deliver(result, request, completion), result);
        }

        var asked = timeProvider.GetTimestamp();
        AgentResult? told = null;
        var standing = await requests.AnswerAsync(
            keyed,
            async (runId, mayExist) =>
            {
                // Not of the caller's token: the answer must stand when he comes back with the key.
                told = await handler.HandleAsync(
                    question with { RunId = runId, MayExist = mayExist, Waited = question.Waited + timeProvider.GetElapsedTime(asked) }, live, CancellationToken.None);
                return new KeyedOutcome(Deliver(told, request, completion), await keyedQuestion.FateAsync(question.TenantId, runId, mayExist, told));
            },
            cancellationToken);
        return standing.IsGood
            ? new AskedCompletion(standing.Value.Delivery, standing.Value.Replayed ? null : told, standing.Value.Replayed)
            : standing.Problem;
    }

    private static Delivery Deliver(AgentResult result, ChatRequest request, CompletionIds completion) => result switch
    {
        AgentResult.Answered { Answer: var answer } => new Delivery(
            StatusCodes.Status200OK, JsonSerializer.Serialize(ChatCompletion.Of(request, answer, completion.Id, completion.Created), PublicJson.Options), Cache: result.Cache),
        AgentResult.AwaitingApproval waiting => OpenAIError.Delivery(ChatEndpoints.NeedsApproval(waiting)),
        AgentResult.Refused refused => OpenAIError.Delivery(refused.ToProblem()),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no known result of a question."),
    };
}
