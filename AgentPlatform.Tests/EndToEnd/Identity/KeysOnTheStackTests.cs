using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Identity;

/// <summary>Keys and tenants on the real thing, outside Development.</summary>
[Collection(SharedProductionStack.Name)]
public sealed class KeysOnTheStackTests(ProductionStack production)
{
    [Fact]
    public async Task A_key_is_made_at_the_command_line_opens_its_tenant_and_closes_when_it_is_revoked()
    {
        var made = await production.KeysAsync("create", "--tenant", "acme", "--name", "ci", "--scopes", "run,read,admin");
        Assert.True(made.Code == 0, made.Errors);
        using var client = production.Client(made.Output);
        using var asked = await client.PostAsJsonAsync("/agent", new { question = "What is 6 * 7?" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);

        var list = await production.KeysAsync("list", "--tenant", "acme");
        Assert.Contains(made.Output[..9], list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Output, list.Output, StringComparison.Ordinal);
        var keys = await client.GetFromJsonAsync<JsonElement>("/keys", TestContext.Current.CancellationToken);
        var id = keys.GetProperty("items")[0].GetProperty("id").GetString()!;

        var revoked = await production.KeysAsync("revoke", "--tenant", "acme", "--id", id);
        Assert.True(revoked.Code == 0, revoked.Errors);
        await Eventually.TrueAsync(async () => await StatusAsync(client, "/sessions") == HttpStatusCode.Unauthorized, () => "the key still opens");
    }

    [Fact]
    public async Task An_administrator_makes_and_revokes_keys_of_their_own_tenant_alone()
    {
        using var admin = production.Client(TestTokens.Of("acme", "admin"));
        using var other = production.Client(TestTokens.Of("globex", "admin read"));
        using var created = await admin.PostAsJsonAsync("/keys", new { name = "nightly", scopes = "read" }, TestContext.Current.CancellationToken);
        var made = await created.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        using var client = production.Client(made.GetProperty("key").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/sessions"));
        var path = $"/keys/{made.GetProperty("details").GetProperty("id").GetString()}";

        Assert.Empty((await other.GetFromJsonAsync<JsonElement>("/keys", TestContext.Current.CancellationToken)).GetProperty("items").EnumerateArray());
        using var foreign = await other.DeleteAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/sessions"));
        using var own = await admin.DeleteAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await Eventually.TrueAsync(async () => await StatusAsync(client, "/sessions") == HttpStatusCode.Unauthorized, () => "the key still opens");
    }

    [Fact]
    public async Task What_one_tenant_has_is_nothing_at_all_to_another()
    {
        using var owner = production.Client(TestTokens.Of("acme"));
        using var stranger = production.Client(TestTokens.Of("globex"));
        using var first = await owner.PostAsJsonAsync("/agent", new { question = "What is 21 * 2?", session_id = "secret" }, TestContext.Current.CancellationToken);
        var run = (await first.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("run_id").GetString();

        foreach (var path in (string[])[$"/runs/{run}", $"/runs/{run}/events", $"/runs/{run}/explain", "/sessions/secret", "/sessions/secret/turns", "/sessions/secret/state"])
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(stranger, path));
        }

        foreach (var (path, body) in ((string, object)[])
                 [($"/runs/{run}/cancel", new { }), ($"/runs/{run}/approvals/c1", new { decision = "approve" }), ($"/runs/{run}/outcomes/c1", new { outcome = "happened" }), ("/sessions/secret/verify", new { })])
        {
            using var refused = await stranger.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
            Assert.True(refused.StatusCode == HttpStatusCode.NotFound, $"{path}: {refused.StatusCode}");
        }

        using var deleted = await stranger.DeleteAsync("/sessions/secret", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
        var runs = await stranger.GetFromJsonAsync<JsonElement>("/runs", TestContext.Current.CancellationToken);
        Assert.DoesNotContain(runs.GetProperty("items").EnumerateArray(), item => item.GetProperty("run_id").GetString() == run);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(owner, "/sessions/secret"));
    }

    [Fact]
    public async Task A_session_id_that_another_tenant_uses_is_free_and_answers_are_not_shared()
    {
        using var owner = production.Client(TestTokens.Of("acme"));
        using var stranger = production.Client(TestTokens.Of("globex"));
        await AskAsync(owner, "My name is Ada.", "same-id");
        var theirs = await AskAsync(stranger, "What is my name?", "same-id");
        Assert.DoesNotContain("Ada", theirs.GetProperty("answer").GetString(), StringComparison.Ordinal);

        var warm = await AskAsync(owner, "What is 1234 * 5?", null);
        var again = await AskAsync(owner, "What is 1234 * 5?", null);
        var cold = await AskAsync(stranger, "What is 1234 * 5?", null);
        Assert.Equal((false, true, false), (warm.GetProperty("cached").GetBoolean(), again.GetProperty("cached").GetBoolean(), cold.GetProperty("cached").GetBoolean()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not the internal key of this stack")]
    public async Task Executors_answer_nobody_but_the_API(string? key)
    {
        using var client = new HttpClient { BaseAddress = new Uri(production.Stack.Processes["executor-1"].Address) };
        client.DefaultRequestHeaders.Add(InternalWire.TenantHeader, InternalWire.LocalTenant);
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add(InternalWire.KeyHeader, key);
        }

        foreach (var path in (string[])["/agents", "/sessions", "/runs", "/keys", "/health", "/metrics", "/nothing"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/alive"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/ready"));
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, string question, string? session)
    {
        using var response = await client.PostAsJsonAsync("/agent", new { question, session_id = session }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
