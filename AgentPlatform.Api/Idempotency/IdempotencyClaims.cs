using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Idempotency;

/// <summary>The keys as executors keep them. Each call is the same done twice.</summary>
internal sealed class IdempotencyClaims(ExecutorCalls calls, IOptions<ExecutorClientOptions> options)
{
    private readonly TimeSpan _claimWithin = options.Value.LookUpDeadline;
    private readonly TimeSpan _settleWithin = options.Value.SettleDeadline;

    /// <param name="within">The longest it may take; null for as long as a look-up.</param>
    public Task<OrProblem<IdempotencyStanding>> ClaimAsync(string tenant, IdempotencyClaim claim, TimeSpan? within, CancellationToken cancellationToken) =>
        calls.ReadAsync<IdempotencyStanding>(
            () => ExecutorCalls.Post(tenant, "idempotency/claim", claim), repeatable: true, cancellationToken, within < _claimWithin ? within : _claimWithin);

    /// <returns>With the answer that stands: the first one.</returns>
    public Task<OrProblem<IdempotencyStanding>> SettleAsync(
        string tenant, IdempotencySettlement settlement, TimeSpan? within, CancellationToken cancellationToken) =>
        calls.ReadAsync<IdempotencyStanding>(
            () => ExecutorCalls.Post(tenant, "idempotency/settle", settlement), repeatable: true, cancellationToken, within < _settleWithin ? within : _settleWithin);

    public Task ReleaseAsync(string tenant, IdempotencyRelease release, TimeSpan? within, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Post(tenant, "idempotency/release", release), repeatable: true, cancellationToken, within < _settleWithin ? within : _settleWithin);
}
