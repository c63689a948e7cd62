using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.OpenAI.Chat;
using AgentPlatform.Api.Problems;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Asks for a response once; under a key it is the same request each time.</summary>
internal sealed class ResponseAsking(ResponseCreation creation, KeyedRequests requests, KeyedQuestion keyedQuestion, TimeProvider timeProvider)
{
    /// <summary>In one piece: the whole response, or, of a background one, how it begins.</summary>
    public Task<OrProblem<CreatedResponse>> AnswerAsync(AgentQuestion question, ResponseRequest request, KeyedRequest? keyed, CancellationToken cancellationToken) =>
        CarryOutAsync(
            question,
            keyed,
            (placed, token) => request.Background ? StartAsync(placed, request, token) : AskAsync(placed, request, token),
            cancellationToken);

    /// <param name="question">With the id of its run, where there is no key.</param>
    /// <param name="attempt">Asks under a fixed run id. Its token is the caller's, or nobody's where a key was given.</param>
    public async Task<OrProblem<CreatedResponse>> CarryOutAsync(
        AgentQuestion question, KeyedRequest? keyed, Func<AgentQuestion, CancellationToken, Task<ResponseAttempt>> attempt, CancellationToken cancellationToken)
    {
        if (keyed is null)
        {
            var runId = question.RunId!.Value;
            var told = await attempt(question, cancellationToken);
            return new CreatedResponse(told.Delivery, told.MadeRun ? runId : null);
        }

        var asked = timeProvider.GetTimestamp();
        var standing = await requests.AnswerAsync(
            keyed,
            async (runId, mayExist) =>
            {
                // Not of the caller's token: the answer must stand when he comes back with the key.
                var told = await attempt(
                    question with { RunId = runId, MayExist = mayExist, Waited = question.Waited + timeProvider.GetElapsedTime(asked) }, CancellationToken.None);
                return new KeyedOutcome(
                    told.Delivery, told.Result is { } result ? await keyedQuestion.FateAsync(question.TenantId, runId, mayExist, result) : told.Fate);
            },
            cancellationToken);
        return standing.IsGood ? new CreatedResponse(standing.Value.Delivery, standing.Value.RunId, standing.Value.Replayed) : standing.Problem;
    }

    public async Task<ResponseAttempt> StartAsync(AgentQuestion question, ResponseRequest request, CancellationToken cancellationToken)
    {
        var started = await creation.StartAsync(question, request.Previous, cancellationToken);
        return started.IsGood ? ResponseAttempt.Of(started.Value) : ResponseAttempt.Of(started.Problem);
    }

    /// <summary>What is delivered of a question that has ended, or waits.</summary>
    public async Task<ResponseAttempt> ConcludeAsync(AgentQuestion question, ResponseRequest request, AgentResult result, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case AgentResult.Answered { Answer: var answer }:
                return ResponseAttempt.Of(await creation.BodyAsync(question, request.Echo, answer, cancellationToken), result);
            case AgentResult.Refused refused:
                return ResponseAttempt.Of(refused.ToProblem(), result);
            default:
                var waiting = question.Echo is null ? ChatEndpoints.NeedsApproval((AgentResult.AwaitingApproval)result) : await creation.BodyAsync(question, cancellationToken);
                return waiting.IsGood ? ResponseAttempt.Of(waiting.Value, result) : ResponseAttempt.Of(waiting.Problem, result);
        }
    }

    private async Task<ResponseAttempt> AskAsync(AgentQuestion question, ResponseRequest request, CancellationToken cancellationToken)
    {
        var telling = new ResponseTelling(fold: null, timeProvider);
        var result = await creation.AskAsync(question with { Label = telling.Tell }, request.Previous, live: null, cancellationToken);
        return await ConcludeAsync(question, request, result, cancellationToken);
    }
}
