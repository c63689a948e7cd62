using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Stack;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.Api.Mcp;

/// <summary>What the endpoint does before and beside the calls: origins, ids of clients, cancellation.</summary>
public sealed class McpDoorTests(ContractApi api) : IClassFixture<ContractApi>
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";

    private const string SessionId = "Mcp-Session-Id";

    [Fact]
    public async Task Web_pages_come_in_only_from_origins_that_were_let_in()
    {
        await using var open = ApiProcess.Start([api.Executor.Address], ("McpServer:AllowedOrigins:0", "https://inspector.example.com"));
        using var client = open.CreateDefaultClient();
        (string? Origin, string? Host, bool ComesIn)[] pages =
        [
            (null, null, true),
            ("http://localhost:6274", null, true),
            ("http://[::1]:6274", null, true),
            ("https://inspector.example.com", null, true),
            ("https://inspector.example.com", "agents.example.com", true),
            ("http://evil.example.com", null, false),
            ("http://evil.example.com", "evil.example.com", false),
            ("http://localhost.evil.example.com", null, false),
            ("http://localhost:6274", "agents.example.com", false),
            ("http://inspector.example.com", null, false),
            ("null", null, false),
        ];

        foreach (var page in pages)
        {
            using var response = await PostAsync(client, Initialize, ("Origin", page.Origin), ("Host", page.Host));

            Assert.Equal((page, page.ComesIn ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (page, response.StatusCode));
            if (!page.ComesIn)
            {
                var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.Equal("origin_not_allowed", problem.GetProperty("code").GetString());
                Assert.Contains("McpServer:AllowedOrigins", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}}""", "application/json", 400, "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":5}""", "application/json", 400, "-32602")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"caf\u00e9"}""", "application/json; charset=iso-8859-1", 415, "unsupported_media_type")]
    [InlineData(Initialize, "text/plain", 415, "unsupported_media_type")]
    [InlineData(Initialize, null, 415, "unsupported_media_type")]
    public async Task A_message_that_is_none_is_the_callers_mistake(string message, string? type, int status, string named)
    {
        using var response = await SendAsync(Encoding.UTF8.GetBytes(message), type);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(named, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_not_UTF8_is_the_callers_mistake()
    {
        using var response = await SendAsync(Encoding.Latin1.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protoc\u00bdl\":1,\"capabilities\":{}}}"), "application/json");

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "body");
    }

    private async Task<HttpResponseMessage> SendAsync(byte[] message, string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(message) };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_that_begins_with_a_handshake_gets_an_id_that_every_process_takes()
    {
        await using var other = ApiProcess.Start(api.Executor.Address);
        using var there = other.CreateDefaultClient();
        using var begun = await PostAsync(api.Client, Initialize);
        var id = begun.Headers.GetValues(SessionId).Single();

        using var listed = await PostAsync(there, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", (SessionId, id), ("MCP-Protocol-Version", "2025-06-18"));

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.False(listed.Headers.Contains(SessionId));
    }

    [Fact]
    public async Task An_id_that_is_none_of_ours_is_not_found_so_that_the_client_begins_again()
    {
        using var response = await PostAsync(api.Client, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", (SessionId, "of-another-server"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task There_is_nothing_to_listen_to_and_nothing_to_delete_between_requests(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp") { Headers = { { "Accept", "text/event-stream" } } };

        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task A_cancellation_stops_the_run_also_when_it_comes_to_another_process()
    {
        await using var other = ApiProcess.Start(api.Executor.Address);
        using var there = other.CreateDefaultClient();
        const string id = "0123456789abcdef0123456789abcdef";
        using var called = await PostAsync(
            api.Client,
            """{"jsonrpc":"2.0","id":"call-7","method":"tools/call","params":{"name":"default","arguments":{"question":"x"}}}""",
            (SessionId, id),
            ("MCP-Protocol-Version", "2025-06-18"));
        await called.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var run = JsonSerializer.Deserialize<RunRequest>(api.Executor.LastOf("POST /runs").Body, WireJson.Options)!;
        api.Executor.On("GET /runs", context => context.Response.WriteAsync(
            JsonSerializer.Serialize(
                new Page<RunSummary>(
                    context.Request.Query["metadata.mcp_call"] == run.Metadata!["mcp_call"] ? [Samples.Summary with { RunId = run.RunId, Status = RunStatus.Running }] : [],
                    null),
                WireJson.Options),
            context.RequestAborted));
        api.Executor.OnJson($"POST /runs/{run.RunId}/cancel", Samples.Standing);

        foreach (var (client, request) in ((string, string)[])[(id, "call-8"), ("f123456789abcdef0123456789abcdef", "call-7"), (id, "call-7")])
        {
            Assert.DoesNotContain(api.Executor.Seen, seen => seen.Route == $"POST /runs/{run.RunId}/cancel");
            using var cancelled = await PostAsync(
                there,
                $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"{{{request}}}"}}""",
                (SessionId, client),
                ("MCP-Protocol-Version", "2025-06-18"));
            Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        }

        Assert.Single(api.Executor.Seen, seen => seen.Route == $"POST /runs/{run.RunId}/cancel");
    }

    [Theory]
    [InlineData(McpConnection.WithoutHandshake, true)]
    [InlineData(McpConnection.WithHandshake, false)]
    public async Task Hanging_up_cancels_where_the_revision_says_so(string revision, bool cancels)
    {
        var reached = new TaskCompletionSource<Guid>(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var question = $"Wait for a client of {revision}.";
        api.Executor.On("POST /runs", async context =>
        {
            reached.SetResult(JsonSerializer.Deserialize<RunRequest>(api.Executor.LastOf("POST /runs").Body, WireJson.Options)!.RunId);
            context.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        using var hangUp = new CancellationTokenSource();
        var meta = cancels
            ? $$$""","_meta":{"io.modelcontextprotocol/protocolVersion":"{{{revision}}}","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"""
            : "";
        var call = PostAsync(
            api.Client,
            $$$"""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"default","arguments":{"question":"{{{question}}}"}{{{meta}}}}}""",
            hangUp.Token,
            ("MCP-Protocol-Version", revision),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "default"));
        var runId = await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        api.Executor.OnJson($"POST /runs/{runId}/cancel", Samples.Standing);
        await hangUp.CancelAsync();
        try
        {
            // Before the last revision the head of the answer is there at once.
            (await call).Dispose();
        }
        catch (OperationCanceledException)
        {
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        api.Executor.OnRun(Samples.Outcome);
        if (cancels)
        {
            await Eventually.TrueAsync(() => api.Executor.Seen.Any(seen => seen.Route == $"POST /runs/{runId}/cancel"), () => "the run was not cancelled");
        }

        // What comes later has passed whatever the hanging up began.
        using var after = await PostAsync(api.Client, Initialize);
        Assert.Equal(cancels, api.Executor.Seen.Any(seen => seen.Route == $"POST /runs/{runId}/cancel"));
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string message, params (string Name, string? Value)[] headers) =>
        PostAsync(client, message, TestContext.Current.CancellationToken, headers);

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, string message, CancellationToken cancellationToken, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(message, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            Headers = { { "Accept", "application/json, text/event-stream" } },
        };
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
