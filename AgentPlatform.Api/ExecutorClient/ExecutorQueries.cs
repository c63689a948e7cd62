using System.Text.Json;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Sessions;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Looks up and administers what executors keep. Answers are read into the types they claim to be before anything is passed on.</summary>
internal sealed class ExecutorQueries(ExecutorCalls calls)
{
    /// <param name="hash">SHA-256 of the key.</param>
    public Task<OrProblem<KeyHolder>> HolderAsync(string hash, CancellationToken cancellationToken) =>
        calls.ReadAsync<KeyHolder>(() => ExecutorCalls.Post(InternalWire.LocalTenant, "keys/verify", new KeyProof(hash)), repeatable: true, cancellationToken);

    public Task<OrProblem<Page<ApiKeyView>>> KeysAsync(string tenant, CancellationToken cancellationToken) =>
        GetAsync<Page<ApiKeyView>>(tenant, "keys", cancellationToken);

    /// <summary>Not repeatable: a key that nobody was told is one too many.</summary>
    public Task<OrProblem<MadeApiKey>> CreateKeyAsync(string tenant, NewApiKey key, CancellationToken cancellationToken) =>
        calls.ReadAsync<MadeApiKey>(() => ExecutorCalls.Post(tenant, "keys", key), repeatable: false, cancellationToken);

    public Task<OrProblem<ApiKeyView>> RevokeKeyAsync(string tenant, Guid keyId, CancellationToken cancellationToken) =>
        calls.ReadAsync<ApiKeyView>(() => ExecutorCalls.Request(HttpMethod.Delete, tenant, $"keys/{keyId}"), repeatable: true, cancellationToken);

    public Task<OrProblem<RunView>> RunAsync(string tenant, Guid runId, CancellationToken cancellationToken) =>
        GetAsync<RunView>(tenant, $"runs/{runId}", cancellationToken);

    /// <param name="hash">SHA-256 of the request.</param>
    public Task<OrProblem<RepeatedRun>> RepeatedAsync(string tenant, string hash, CancellationToken cancellationToken) =>
        GetAsync<RepeatedRun>(tenant, $"runs/repeated/{hash}", cancellationToken);

    public Task<OrProblem<Page<RunSummary>>> RunsAsync(string tenant, QueryString query, CancellationToken cancellationToken) =>
        GetAsync<Page<RunSummary>>(tenant, $"runs{query}", cancellationToken);

    public Task<OrProblem<RunExplanation>> ExplainAsync(string tenant, Guid runId, CancellationToken cancellationToken) =>
        GetAsync<RunExplanation>(tenant, $"runs/{runId}/explain", cancellationToken);

    public Task<OrProblem<Page<SessionView>>> SessionsAsync(string tenant, QueryString query, CancellationToken cancellationToken) =>
        GetAsync<Page<SessionView>>(tenant, $"sessions{query}", cancellationToken);

    public Task<OrProblem<SessionView>> SessionAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        GetAsync<SessionView>(tenant, Session(sessionId), cancellationToken);

    public Task<OrProblem<Page<TurnView>>> TurnsAsync(string tenant, string sessionId, QueryString query, CancellationToken cancellationToken) =>
        GetAsync<Page<TurnView>>(tenant, $"{Session(sessionId)}/turns{query}", cancellationToken);

    public Task<OrProblem<SessionState>> StateAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        GetAsync<SessionState>(tenant, $"{Session(sessionId)}/state", cancellationToken);

    public Task<OrProblem<SessionView>> CreateSessionAsync(string tenant, NewSession session, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(session, PublicJson.Options);
        return calls.ReadAsync<SessionView>(
            () => ExecutorCalls.WithJson(ExecutorCalls.Request(HttpMethod.Post, tenant, "sessions"), body), repeatable: false, cancellationToken);
    }

    public Task<OrProblem<BudgetStandings>> BudgetsAsync(string tenant, QueryString query, CancellationToken cancellationToken) =>
        GetAsync<BudgetStandings>(tenant, $"budgets{query}", cancellationToken);

    public Task<OrProblem<Page<AuditEvent>>> AuditAsync(string tenant, QueryString query, CancellationToken cancellationToken) =>
        GetAsync<Page<AuditEvent>>(tenant, $"audit{query}", cancellationToken);

    public Task<OrProblem<ToolListing>> ToolsAsync(string tenant, CancellationToken cancellationToken) =>
        GetAsync<ToolListing>(tenant, "tools", cancellationToken);

    /// <returns>Null when it is gone.</returns>
    public Task<ProblemHttpResult?> DeleteSessionAsync(string tenant, string sessionId, CancellationToken cancellationToken) =>
        calls.DoAsync(() => ExecutorCalls.Request(HttpMethod.Delete, tenant, Session(sessionId)), repeatable: false, cancellationToken);

    /// <param name="conditions"><c>If-Match</c> and <c>If-None-Match</c> of these are passed on.</param>
    public Task<OrProblem<SessionState>> PutStateAsync(
        string tenant, string sessionId, byte[] document, IHeaderDictionary conditions, CancellationToken cancellationToken)
    {
        return calls.ReadAsync<SessionState>(Put, repeatable: false, cancellationToken);

        HttpRequestMessage Put()
        {
            var request = ExecutorCalls.WithJson(ExecutorCalls.Request(HttpMethod.Put, tenant, $"{Session(sessionId)}/state"), document);
            foreach (var condition in (string[])["If-Match", "If-None-Match"])
            {
                if (conditions.TryGetValue(condition, out var values))
                {
                    request.Headers.TryAddWithoutValidation(condition, values.AsEnumerable());
                }
            }

            return request;
        }
    }

    private Task<OrProblem<T>> GetAsync<T>(string tenant, string path, CancellationToken cancellationToken)
        where T : notnull =>
        calls.ReadAsync<T>(() => ExecutorCalls.Request(HttpMethod.Get, tenant, path), repeatable: true, cancellationToken);

    private static string Session(string sessionId) => $"sessions/{Uri.EscapeDataString(sessionId)}";
}
