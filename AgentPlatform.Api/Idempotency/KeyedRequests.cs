using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Idempotency;

/// <summary>
/// Makes requests with the same key one request:
/// 1. the key is claimed, before anything else; the claim fixes the run, so whoever comes with the key works on the same run;
/// 2. a key that is settled is answered with what was delivered first, byte for byte;
/// 3. otherwise the request is carried out, to its end even if the caller leaves: he will come back with the key;
/// 4. the answer is written down before it is delivered, and the first one that was written down is delivered by everybody.
/// </summary>
internal sealed class KeyedRequests(IdempotencyClaims claims, TimeProvider timeProvider)
{
    // What settling gets when the request has used up all its time: a write that is not slow.
    private static readonly TimeSpan LeastToSettle = TimeSpan.FromMilliseconds(250);

    /// <param name="carryOut">Given the run and whether it may exist.</param>
    public async Task<OrProblem<KeyedAnswer>> AnswerAsync(
        KeyedRequest request, Func<Guid, bool, Task<KeyedOutcome>> carryOut, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        for (var renewed = false; ; renewed = true)
        {
            // 1.
            var proposal = Guid.CreateVersion7(timeProvider.GetUtcNow());
            var claim = await claims.ClaimAsync(
                request.Tenant, new IdempotencyClaim(request.Route, request.Key, request.BodyHash, proposal), request.Within, cancellationToken);
            if (claim.Problem is { } unclaimed)
            {
                return unclaimed;
            }

            var standing = claim.Value!;
            if (standing.OtherBody)
            {
                return Conflict();
            }

            // 2.
            if (standing is { Status: { } status, Body: { } body })
            {
                return new KeyedAnswer(new Delivery(status, body), standing.RunId, Replayed: true);
            }

            // 3.
            var outcome = await carryOut(standing.RunId, !standing.IsNew);
            var left = request.Within - timeProvider.GetElapsedTime(started);
            left = left < LeastToSettle ? LeastToSettle : left;
            if (outcome.Fate is KeyFate.Release or KeyFate.Renew)
            {
                await claims.ReleaseAsync(request.Tenant, new IdempotencyRelease(request.Route, request.Key, standing.RunId), left, CancellationToken.None);
            }

            if (outcome.Fate != KeyFate.Renew || renewed)
            {
                // 4.
                return outcome.Fate == KeyFate.Settle
                    ? await SettleAsync(request, standing.RunId, outcome.Delivery, left)
                    : new KeyedAnswer(outcome.Delivery, standing.RunId, Replayed: false);
            }
        }
    }

    /// <param name="left">Of the request's time.</param>
    private async Task<KeyedAnswer> SettleAsync(KeyedRequest request, Guid runId, Delivery delivery, TimeSpan? left)
    {
        var settled = await claims.SettleAsync(
            request.Tenant,
            new IdempotencySettlement(request.Route, request.Key, runId, delivery.Status, delivery.Body),
            left,
            CancellationToken.None);
        // One that could not be written down is delivered all the same: the run is done, and a repetition finds it by its id.
        return settled.Value is { Status: { } status, Body: { } body }
            ? new KeyedAnswer(body == delivery.Body ? delivery : new Delivery(status, body), runId, Replayed: body != delivery.Body)
            : new KeyedAnswer(delivery, runId, Replayed: false);
    }

    private static ProblemHttpResult Conflict() => Problem.Result(
        StatusCodes.Status409Conflict,
        ProblemCodes.IdempotencyConflict,
        $"This '{IdempotencyKey.Header}' came with another body before. Send the same body again, or choose a new key.",
        IdempotencyKey.Header);
}
