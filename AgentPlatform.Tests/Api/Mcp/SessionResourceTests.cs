using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Api.Identity;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.Api.Mcp;

/// <summary>Conversations as resources, before a scripted executor.</summary>
public sealed class SessionResourceTests(ContractApi api) : IClassFixture<ContractApi>
{
    [Fact]
    public async Task Conversations_are_listed_page_by_page()
    {
        api.Executor.On("GET /sessions", context => context.Response.WriteAsync(
            JsonSerializer.Serialize(
                context.Request.Query["after"] == "cGFnZTI"
                    ? new Page<SessionView>([Samples.Session with { SessionId = "older:1" }], null)
                    : new Page<SessionView>([Samples.Session], "cGFnZTI"),
                WireJson.Options),
            context.RequestAborted));
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());

        var found = await client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["session://order-4711", "session://older:1"], found.Select(resource => resource.Uri));
        Assert.Equal("A conversation of 1 turns, last used 2026-01-02 03:04 UTC.", found[0].Description);
        Assert.All(api.Executor.Seen.Where(seen => seen.Route == "GET /sessions"), seen => Assert.Equal("local", seen.Headers[InternalWire.TenantHeader]));
    }

    [Fact]
    public async Task A_transcript_is_read_as_Markdown_or_as_JSON()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());
        var templates = await client.ListResourceTemplatesAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["session://{session_id}", "session://{session_id}/turns"], templates.Select(template => template.UriTemplate));

        var text = await ReadAsync(client, "session://order-4711");
        var json = await ReadAsync(client, "session://order-4711/turns");

        Assert.Equal("text/markdown", text.MimeType);
        Assert.Equal(
            """
            # Conversation order-4711

            ## 1. 2026-01-02 03:04 UTC, default, stale answer

            **Question:** What is 17% of 2340?

            **Answer:** 397.8

            """.ReplaceLineEndings("\n"),
            text.Text);
        Assert.Equal("application/json", json.MimeType);
        Assert.Equal("397.8", JsonElement.Parse(json.Text).GetProperty("items")[0].GetProperty("answer").GetString());
    }

    [Theory]
    [InlineData(McpConnection.WithHandshake, McpErrorCode.ResourceNotFound)]
    [InlineData(McpConnection.WithoutHandshake, McpErrorCode.InvalidParams)]
    public async Task What_is_not_there_is_not_found(string revision, McpErrorCode code)
    {
        api.Executor.OnProblem("GET /sessions/nobody/turns", 404, ProblemCodes.SessionNotFound, "There is no such session.", "session_id");
        await using var client = await McpConnection.ConnectAsync(api.Address, revision, token: TestTokens.Of());

        foreach (var uri in (string[])["session://nobody", "session://no%20id", "file:///etc/passwd", "session://"])
        {
            var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await ReadAsync(client, uri));
            Assert.Equal((uri, code), (uri, error.ErrorCode));
        }
    }

    [Fact]
    public async Task The_id_in_a_template_is_completed()
    {
        await using var client = await McpConnection.ConnectAsync(api.Address, token: TestTokens.Of());

        Assert.Equal(["order-4711"], await CompleteAsync("session://{session_id}", "or"));
        Assert.Empty(await CompleteAsync("session://{session_id}", "x"));
        Assert.Empty(await CompleteAsync("other://{session_id}", "or"));

        async Task<IList<string>> CompleteAsync(string template, string begun) => (await client.CompleteAsync(
            new ResourceTemplateReference { Uri = template }, "session_id", begun, cancellationToken: TestContext.Current.CancellationToken)).Completion.Values;
    }

    private static async Task<TextResourceContents> ReadAsync(McpClient client, string uri) => Assert.IsType<TextResourceContents>(
        Assert.Single((await client.ReadResourceAsync(new ReadResourceRequestParams { Uri = uri }, TestContext.Current.CancellationToken)).Contents));
}
