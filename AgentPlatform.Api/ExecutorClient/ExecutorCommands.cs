using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Tells executors what people decided. Each of these is the same done twice, so that a lost reply is answered by asking again.</summary>
internal sealed class ExecutorCommands(ExecutorCalls calls, IOptions<ExecutorClientOptions> options)
{
    private readonly TimeSpan _verifyWithin = options.Value.VerifyDeadline;

    public Task<OrProblem<RunStanding>> CancelAsync(string tenant, Guid runId, CancellationToken cancellationToken) =>
        calls.ReadAsync<RunStanding>(
            () => ExecutorCalls.Request(HttpMethod.Post, tenant, $"runs/{runId}/cancel"), repeatable: true, cancellationToken);

    /// <summary>A new session with the turns up to and including that run's.</summary>
    /// <returns>Null when it stands.</returns>
    public Task<ProblemHttpResult?> ForkAsync(string tenant, string sessionId, SessionFork fork, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Post(tenant, $"sessions/{Uri.EscapeDataString(sessionId)}/fork", fork), repeatable: true, cancellationToken);

    /// <summary>Takes a run out of sight.</summary>
    /// <returns>Null when it is.</returns>
    public Task<ProblemHttpResult?> HideAsync(string tenant, Guid runId, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Request(HttpMethod.Post, tenant, $"runs/{runId}/hide"), repeatable: true, cancellationToken);

    public Task<OrProblem<RunStanding>> DecideAsync(
        string tenant, Guid runId, string callId, ApprovalDecision decision, CancellationToken cancellationToken) =>
        calls.ReadAsync<RunStanding>(
            () => ExecutorCalls.Post(tenant, $"runs/{runId}/approvals/{Uri.EscapeDataString(callId)}", decision), repeatable: true, cancellationToken);

    public Task<OrProblem<RunStanding>> RecordAsync(
        string tenant, Guid runId, string callId, CallOutcome outcome, CancellationToken cancellationToken) =>
        calls.ReadAsync<RunStanding>(
            () => ExecutorCalls.Post(tenant, $"runs/{runId}/outcomes/{Uri.EscapeDataString(callId)}", outcome), repeatable: true, cancellationToken);

    /// <returns>Null when it is done.</returns>
    public Task<ProblemHttpResult?> AcceptToolAsync(string tenant, string tool, ToolAcceptance acceptance, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Post(tenant, $"tools/{Uri.EscapeDataString(tool)}/accept", acceptance), repeatable: true, cancellationToken);

    public Task<OrProblem<TenantRemoval>> RemoveTenantAsync(string tenant, TimeSpan within, CancellationToken cancellationToken) =>
        calls.ReadAsync<TenantRemoval>(() => ExecutorCalls.Request(HttpMethod.Delete, tenant, "tenant"), repeatable: true, cancellationToken, within);

    /// <returns>Null when it is written down.</returns>
    public Task<ProblemHttpResult?> ReportAsync(DeniedAccess[] denied, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Post(InternalWire.LocalTenant, "audit/denied", denied), repeatable: false, cancellationToken);

    public Task<OrProblem<SessionReport>> VerifyAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        calls.ReadAsync<SessionReport>(
            () => ExecutorCalls.Request(HttpMethod.Post, tenant, $"sessions/{Uri.EscapeDataString(sessionId)}/verify"),
            repeatable: true,
            cancellationToken,
            _verifyWithin);
}
