using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Api.Mcp;
using AgentPlatform.Tests.Stack;
using ModelContextProtocol;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Identity;

/// <summary>
/// A caller who may do everything in one tenant, and holds the real ids of another: each route of the API's document is tried, and a route that is new to
/// these tests fails them.
/// </summary>
[Collection(SharedProductionStack.Name)]
public sealed class ForeignIdTests(ProductionStack production)
{
    /// <summary>Bodies of those that have one. A route that changes something and stands in neither table is unknown here.</summary>
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["post /runs/{run_id}/cancel"] = "",
        ["post /runs/{run_id}/approvals/{call_id}"] = """{"decision":"approve"}""",
        ["post /runs/{run_id}/outcomes/{call_id}"] = """{"outcome":"happened"}""",
        ["post /sessions/{session_id}/verify"] = "",
        ["delete /sessions/{session_id}"] = "",
        ["delete /keys/{key_id}"] = "",
        ["post /v1/responses/{response_id}/cancel"] = "",
        ["delete /v1/responses/{response_id}"] = "",
    };

    /// <summary>Those that take no id of a tenant's in their path, or begin something of the caller's own with it: their query or body, and what must come of them.</summary>
    private static readonly Dictionary<string, (string Input, HttpStatusCode Status)> Open = new(StringComparer.Ordinal)
    {
        ["post /agent"] = ("""{"question":"What did we say?","session_id":"{session_id}"}""", HttpStatusCode.OK),
        ["post /runs"] = ("""{"question":"What did we say?","session_id":"{session_id}"}""", HttpStatusCode.Accepted),
        ["post /sessions"] = ("""{"session_id":"{session_id}-2"}""", HttpStatusCode.Created),
        ["put /sessions/{session_id}/state"] = ("""{"theirs":true}""", HttpStatusCode.OK),
        ["post /keys"] = ("""{"name":"theirs","scopes":"read"}""", HttpStatusCode.Created),
        ["delete /tenant"] = ("?confirm=owner", HttpStatusCode.BadRequest),
        ["delete /cache"] = ("?agent=default", HttpStatusCode.OK),
        // Decides for everybody: not a tenant's to do.
        ["post /tools/{tool}/accept"] = ("""{"hash":"9f86d081"}""", HttpStatusCode.Forbidden),
        ["post /v1/chat/completions"] = ("""{"model":"default","messages":[{"role":"user","content":"What did we say?"}]}""", HttpStatusCode.OK),
        ["post /v1/responses"] = ("""{"model":"default","input":"What did we say?","previous_response_id":"{response_id}"}""", HttpStatusCode.NotFound),
    };

    /// <summary>Names that all tenants share.</summary>
    private static readonly Dictionary<string, string> Shared = new(StringComparer.Ordinal) { ["{name}"] = "default", ["{tool}"] = "calculator" };

    [Fact]
    public async Task A_real_id_of_another_tenant_leads_nowhere_at_any_route()
    {
        using var owner = production.Client(TestTokens.Of("owner"));
        using var stranger = production.Client(TestTokens.Of("stranger"));
        var ids = await MakeAsync(owner);
        var known = new List<string>();

        // Those first that must find nothing: a session of the same id is the stranger's own once they have begun one.
        var routes = await RoutesAsync(owner);
        foreach (var (method, path) in routes.OrderBy(route => TakesId(route) ? 0 : route.Method == "get" ? 1 : 2))
        {
            var route = $"{method} {path}";
            var takesId = TakesId((method, path));
            if (takesId)
            {
                Assert.True(method == "get" || Bodies.ContainsKey(route), $"{route} is not known here: say what it is sent.");
            }
            else
            {
                Assert.True(method == "get" || Open.ContainsKey(route), $"{route} is not known here: say what it is sent and what must come of it.");
            }

            var input = (takesId ? Bodies.GetValueOrDefault(route) : Open.GetValueOrDefault(route).Input) ?? "";
            var (query, body) = input.StartsWith('?') ? (input, "") : ("", input);
            using var answer = await SendAsync(stranger, method, Fill(path, ids) + query, Fill(body, ids));
            var text = await ReadAsync(answer);

            var expected = takesId ? HttpStatusCode.NotFound : method == "get" ? HttpStatusCode.OK : Open[route].Status;
            Assert.True(answer.StatusCode == expected, $"{route}: {answer.StatusCode} {text}");
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            if (!takesId && method == "get")
            {
                Assert.All(ids.Values, id => Assert.False(text.Contains(id, StringComparison.Ordinal), $"{route} tells of {id}"));
            }

            known.Add(route);
        }

        Assert.Empty(Bodies.Keys.Concat(Open.Keys).Except(known));
        await StillThereAsync(owner, ids);

        bool TakesId((string Method, string Path) route) =>
            !Open.ContainsKey($"{route.Method} {route.Path}") && ids.Keys.Any(id => route.Path.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nor_does_it_at_the_MCP_server_and_at_an_executor()
    {
        using var owner = production.Client(TestTokens.Of("owner"));
        var ids = await MakeAsync(owner);
        await using var mcp = await McpConnection.ConnectAsync(production.Stack.Http.BaseAddress!, token: TestTokens.Of("stranger"));

        var listed = await mcp.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(listed, resource => resource.Uri.Contains(ids["{session_id}"], StringComparison.Ordinal));
        foreach (var uri in (string[])[$"session://{ids["{session_id}"]}", $"session://{ids["{session_id}"]}/turns"])
        {
            await Assert.ThrowsAsync<McpProtocolException>(async () => await mcp.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken));
        }

        var answer = await mcp.AskAsync("default", new { question = "What did we say?", session_id = ids["{session_id}"] });
        Assert.DoesNotContain(Secret, answer.Text(), StringComparison.Ordinal);

        using var executor = new HttpClient { BaseAddress = new Uri(production.Stack.Processes["executor-1"].Address) };
        executor.DefaultRequestHeaders.Add(InternalWire.KeyHeader, RunningStack.InternalKey);
        executor.DefaultRequestHeaders.Add(InternalWire.TenantHeader, "stranger");
        foreach (var path in (string[])["/runs/{run_id}", "/runs/{run_id}/frames", "/runs/{run_id}/explain", "/sessions/{session_id}-none", "/sessions/{session_id}-none/turns"])
        {
            using var refused = await executor.GetAsync(new Uri(Fill(path, ids), UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(refused.StatusCode == HttpStatusCode.NotFound, $"{path}: {refused.StatusCode}");
        }
    }

    [Fact]
    public async Task Reading_conversations_at_the_MCP_server_takes_the_scope_it_takes_elsewhere()
    {
        await using var mcp = await McpConnection.ConnectAsync(production.Stack.Http.BaseAddress!, token: TestTokens.Of("owner", "run"));

        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await mcp.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("'read'", refused.Message, StringComparison.Ordinal);
    }

    private const string Secret = "Zanzibar";

    /// <summary>A session with a state, a finished run, one that waits for a person, a response, a cached answer and a key.</summary>
    private static async Task<Dictionary<string, string>> MakeAsync(HttpClient owner)
    {
        var session = $"plans-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await JsonAsync(owner, "post", "/agent", $$"""{"question":"My name is {{Secret}}.","session_id":"{{session}}"}""");
        await JsonAsync(owner, "put", $"/sessions/{session}/state", $$"""{"plan":"{{Secret}}"}""");
        await JsonAsync(owner, "post", "/agent", """{"question":"What is 1717 * 3?"}""");
        var waiting = await JsonAsync(owner, "post", "/agent", """{"question":"What is 4242 * 2?","agent":"careful"}""");
        var response = await JsonAsync(owner, "post", "/v1/responses", $$"""{"model":"default","input":"My name is {{Secret}}."}""");
        var key = await JsonAsync(owner, "post", "/keys", """{"name":"ours","scopes":"read"}""");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["{session_id}"] = session,
            ["{run_id}"] = waiting.GetProperty("run_id").GetString()!,
            ["{call_id}"] = waiting.GetProperty("approvals")[0].GetProperty("call_id").GetString()!,
            ["{response_id}"] = response.GetProperty("id").GetString()!,
            ["{key_id}"] = key.GetProperty("details").GetProperty("id").GetString()!,
        };
    }

    /// <summary>Nothing of what the stranger tried took effect.</summary>
    private static async Task StillThereAsync(HttpClient owner, Dictionary<string, string> ids)
    {
        var run = await JsonAsync(owner, "get", Fill("/runs/{run_id}", ids), "");
        var state = await JsonAsync(owner, "get", Fill("/sessions/{session_id}/state", ids), "");
        var turns = await JsonAsync(owner, "get", Fill("/sessions/{session_id}/turns", ids), "");
        var response = await JsonAsync(owner, "get", Fill("/v1/responses/{response_id}", ids), "");
        var keys = await JsonAsync(owner, "get", "/keys", "");
        var again = await JsonAsync(owner, "post", "/agent", """{"question":"What is 1717 * 3?"}""");

        Assert.Equal("awaiting_approval", run.GetProperty("status").GetString());
        Assert.Equal(Secret, state.GetProperty("plan").GetString());
        Assert.Single(turns.GetProperty("items").EnumerateArray());
        Assert.Equal("completed", response.GetProperty("status").GetString());
        Assert.Contains(keys.GetProperty("items").EnumerateArray(), key => key.GetProperty("id").GetString() == ids["{key_id}"] && key.GetProperty("revoked_at").ValueKind == JsonValueKind.Null);
        Assert.True(again.GetProperty("cached").GetBoolean());
    }

    private static async Task<List<(string Method, string Path)>> RoutesAsync(HttpClient client)
    {
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", TestContext.Current.CancellationToken);
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where operation.Name is "get" or "post" or "put" or "delete" or "patch"
               select (operation.Name, path.Name),
        ];
    }

    private static string Fill(string text, Dictionary<string, string> ids) =>
        ids.Concat(Shared).Aggregate(text, (filled, id) => filled.Replace(id.Key, id.Value, StringComparison.Ordinal));

    private static async Task<JsonElement> JsonAsync(HttpClient client, string method, string path, string body)
    {
        using var answer = await SendAsync(client, method, path, body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(path, UriKind.Relative));
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static Task<string> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
