using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Idempotency;

/// <summary>The keys as executors keep them. Each call is the same done twice.</summary>
internal sealed class IdempotencyClaims(ExecutorCalls calls, IOptions<ExecutorClientOptions> options)
{
    private readonly TimeSpan _settleWithin = options.Value.SettleDeadline;

    public Task<OrProblem<IdempotencyStanding>> ClaimAsync(string tenant, IdempotencyClaim claim, CancellationToken cancellationToken) =>
        calls.ReadAsync<IdempotencyStanding>(() => ExecutorCalls.Post(tenant, "idempotency/claim", claim), repeatable: true, cancellationToken);

    /// <returns>With the answer that stands: the first one.</returns>
    public Task<OrProblem<IdempotencyStanding>> SettleAsync(
        string tenant, IdempotencySettlement settlement, CancellationToken cancellationToken) =>
        calls.ReadAsync<IdempotencyStanding>(
            () => ExecutorCalls.Post(tenant, "idempotency/settle", settlement), repeatable: true, cancellationToken, _settleWithin);

    public Task ReleaseAsync(string tenant, IdempotencyRelease release, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Post(tenant, "idempotency/release", release), repeatable: true, cancellationToken, _settleWithin);
}
