using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Agent;

/// <summary>A question that came with an idempotency key.</summary>
internal sealed class KeyedQuestion(
    KeyedRequests requests, AgentRequestHandler handler, ExecutorQueries executor, IOptions<FallbackOptions> fallback, TimeProvider timeProvider)
{
    public const string Route = "POST /agent";

    public Task<OrProblem<KeyedAnswer>> AnswerAsync(KeyedRequest request, AgentQuestion question, ILiveAnswer? live, HttpContext context)
    {
        var asked = timeProvider.GetTimestamp();
        return requests.AnswerAsync(
            request with { Within = TimeSpan.FromSeconds(question.Timeout) + fallback.Value.Deadline },
            async (runId, mayExist) =>
            {
                // Not of the caller's token: the answer must stand when he comes back with the key.
                var result = await handler.HandleAsync(question with { RunId = runId, MayExist = mayExist, Waited = timeProvider.GetElapsedTime(asked) }, live, CancellationToken.None);
                return new KeyedOutcome(Delivery.Of(result, context), await FateAsync(question.TenantId, runId, mayExist, result));
            },
            context.RequestAborted);
    }

    /// <summary>Answers stand, and so do problems of a run that was made. Refusals do not, and neither does what may be well in a moment.</summary>
    public async Task<KeyFate> FateAsync(string tenant, Guid runId, bool mayExist, AgentResult result) => result switch
    {
        AgentResult.Refused { Code: ProblemCodes.RunCancelled } when mayExist && await WasAbandonedAsync(tenant, runId) => KeyFate.Renew,
        AgentResult.Refused { MayGoOn: true, Status: StatusCodes.Status503ServiceUnavailable } => KeyFate.Leave,
        AgentResult.Refused { RunId: null } or AgentResult.Refused
        {
            Status: StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable,
        } => KeyFate.Release,
        _ => KeyFate.Settle,
    };

    /// <summary>The process that waited for the run died, so that the run was stopped for want of anybody: that is nobody's answer.</summary>
    private async Task<bool> WasAbandonedAsync(string tenant, Guid runId)
    {
        var run = await executor.RunAsync(tenant, runId, CancellationToken.None);
        return run.Value?.Events is [.., RunCancelled { Cause: RunCancelled.Unwatched }];
    }
}
