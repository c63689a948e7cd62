using System.Text.Json;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Every route there is: those of the API's description, the MCP server beside them, and those between the API and its executors.</summary>
internal static class FuzzDoors
{
    private const string Run = "01963c5e-8b2a-7c3d-9e4f-0123456789ab";

    private static readonly string[] Methods = ["get", "post", "put", "delete"];

    /// <param name="document">OpenAPI, as <c>/openapi/v1.json</c> gives it.</param>
    public static IEnumerable<FuzzDoor> OfApi(JsonElement document)
    {
        var schemas = new FuzzSchemas(document);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => Methods.Contains(operation.Name)))
            {
                var body = BodyOf(operation.Value);
                yield return new FuzzDoor(
                    operation.Name.ToUpperInvariant(), path.Name, [.. QueryOf(operation.Value)], body is null ? null : random => schemas.Good(body.Value, random, depth: 0));
            }
        }
    }

    public static IReadOnlyList<FuzzDoor> OfMcp { get; } =
    [
        new("GET", "/mcp"),
        new("DELETE", "/mcp"),
        Rpc("initialize", """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"fuzz","version":"1"}}"""),
        Rpc("tools/list", "{}"),
        Rpc("tools/call", """{"name":"default","arguments":{"question":"What is 6 * 7?","session_id":"fuzz"},"_meta":{"progressToken":1}}"""),
        Rpc("resources/list", """{"cursor":"x"}"""),
        Rpc("resources/read", """{"uri":"session://fuzz"}"""),
        Rpc("resources/templates/list", "{}"),
        Rpc("completion/complete", """{"ref":{"type":"ref/resource","uri":"session://{session_id}"},"argument":{"name":"session_id","value":"f"}}"""),
        new("POST", "/mcp", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"x"}}"""),
    ];

    public static IReadOnlyList<FuzzDoor> OfExecutor { get; } =
    [
        new("POST", "/runs", $$"""{"run_id":"{{Run}}","tenant_id":"fuzz","agent":"default","question":"What is 6 * 7?","timeout":2,"session_id":"fuzz","user":"ada","metadata":{"team":"x"},"watch":true}"""),
        new("GET", "/runs", null, "limit", "after", "status", "agent", "session_id", "user", "metadata.team"),
        new("GET", "/runs/{run_id}"),
        new("GET", "/runs/{run_id}/frames", null, "after"),
        new("GET", "/runs/{run_id}/explain"),
        new("GET", "/runs/repeated/{hash}"),
        new("POST", "/runs/{run_id}/cancel", "{}"),
        new("POST", "/runs/{run_id}/hide", "{}"),
        new("POST", "/runs/{run_id}/approvals/{call_id}", """{"approve":true,"by":"ada","reason":"x","arguments":"{}"}"""),
        new("POST", "/runs/{run_id}/outcomes/{call_id}", """{"happened":true,"by":"ada","note":"x"}"""),
        new("GET", "/sessions", null, "limit", "after", "user", "metadata.team"),
        new("POST", "/sessions", """{"session_id":"fuzz","user":"ada","metadata":{"team":"x"}}"""),
        new("GET", "/sessions/{session_id}"),
        new("DELETE", "/sessions/{session_id}"),
        new("GET", "/sessions/{session_id}/turns", null, "limit", "after"),
        new("GET", "/sessions/{session_id}/state"),
        new("PUT", "/sessions/{session_id}/state", """{"cart":["4711",1e5,null]}"""),
        new("POST", "/sessions/{session_id}/verify", "{}", "repair"),
        new("POST", "/sessions/{session_id}/fork", $$"""{"run_id":"{{Run}}","session_id":"fuzz-2"}"""),
        new("POST", "/sessions/{session_id}/told", $$"""{"tenant_id":"fuzz","session_id":"fuzz","run_id":"{{Run}}","agent":"default","question":"x","answer":"y","level":"default","reason":"timeout"}"""),
        new("POST", "/idempotency/claim", $$"""{"route":"agent","key":"k","body_hash":"{{new string('a', 64)}}","run_id":"{{Run}}"}"""),
        new("POST", "/idempotency/settle", $$"""{"route":"agent","key":"k","run_id":"{{Run}}","status":200,"body":"{}"}"""),
        new("POST", "/idempotency/release", $$"""{"route":"agent","key":"k","run_id":"{{Run}}"}"""),
        new("GET", "/agents"),
        new("GET", "/agents/{name}"),
        new("GET", "/tools"),
        new("POST", "/tools/{name}/accept", """{"hash":"9f86d081884c7d65"}"""),
        new("GET", "/budgets", null, "session_id"),
        new("POST", "/keys/verify", $$"""{"hash":"{{new string('a', 64)}}"}"""),
        new("GET", "/keys"),
        new("POST", "/keys", """{"name":"x","scopes":["read"],"expires_at":"2099-01-01T00:00:00Z"}"""),
        new("DELETE", "/keys/{key_id}"),
        new("GET", "/audit", null, "limit", "after"),
        new("POST", "/audit/denied", """[{"tenant_id":"fuzz","actor":"ada","target":"GET /runs","trace_id":null}]"""),
        new("GET", "/tenant/export"),
        new("DELETE", "/tenant"),
        new("GET", "/health"),
        new("GET", "/alive"),
        new("GET", "/ready"),
        new("GET", "/metrics"),
    ];

    private static FuzzDoor Rpc(string method, string parameters) => new("POST", "/mcp", $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");

    private static JsonElement? BodyOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var media) && media.TryGetProperty("schema", out var schema)
            ? schema
            : null;

    private static IEnumerable<string> QueryOf(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").ValueEquals("query")).Select(parameter => parameter.GetProperty("name").GetString()!)
        : [];
}
