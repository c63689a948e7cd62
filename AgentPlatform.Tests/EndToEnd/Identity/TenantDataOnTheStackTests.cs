using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Identity;

/// <summary>The audit of a tenant, its export and its removal, on the real thing.</summary>
[Collection(SharedProductionStack.Name)]
public sealed class TenantDataOnTheStackTests(ProductionStack production)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_done_stands_in_the_audit_with_who_did_it_and_nobody_elses_audit_shows_it()
    {
        using var admin = production.Client(TestTokens.Of("auditing", "admin run read"));
        using var made = await admin.PostAsJsonAsync("/keys", new { name = "reader", scopes = "read" }, Cancellation);
        var key = await made.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var id = key.GetProperty("details").GetProperty("id").GetString();
        using var reader = production.Client(key.GetProperty("key").GetString()!);
        for (var again = 0; again < 5; again++)
        {
            using var refused = await reader.GetAsync("/keys", Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var asked = await admin.PostAsJsonAsync("/agent", new { question = "What is 5 * 5?", session_id = "talk" }, Cancellation);
        using var deleted = await admin.DeleteAsync("/sessions/talk", Cancellation);
        using var revoked = await admin.DeleteAsync($"/keys/{id}", Cancellation);
        Assert.True(asked.IsSuccessStatusCode && deleted.IsSuccessStatusCode && revoked.IsSuccessStatusCode);

        await Eventually.TrueAsync(
            async () => (await AuditAsync(admin)).Any(row => row.Action == "access_denied"), () => "the refusal does not stand in the audit");
        var rows = await AuditAsync(admin);
        Assert.Equal(["key_revoked", "session_deleted", "key_created"], rows.Select(row => row.Action).Where(action => action != "access_denied"));
        Assert.Single(rows, row => row == ("access_denied", $"key:{id}", "GET /keys (admin)"));
        Assert.Contains(rows, row => row.Action == "session_deleted" && row.Target == "talk" && row.Actor.Length > 0 && row.Actor != "nobody");
        Assert.Contains(rows, row => row.Action == "key_revoked" && row.Target == id);

        var page = await admin.GetFromJsonAsync<JsonElement>("/audit?limit=1", Cancellation);
        var next = await admin.GetFromJsonAsync<JsonElement>($"/audit?limit=1&after={page.GetProperty("next").GetString()}", Cancellation);
        Assert.NotEqual(page.GetProperty("items")[0].GetProperty("id").GetString(), next.GetProperty("items")[0].GetProperty("id").GetString());
        using var stranger = production.Client(TestTokens.Of("someone-else", "admin"));
        Assert.Empty(await AuditAsync(stranger));
    }

    [Fact]
    public async Task A_tenant_takes_everything_along_and_is_gone_after_its_removal_while_another_stays()
    {
        using var leaving = production.Client(TestTokens.Of("leaving", "admin run read"));
        using var staying = production.Client(TestTokens.Of("staying", "admin run read"));
        foreach (var client in (HttpClient[])[leaving, staying])
        {
            using var asked = await client.PostAsJsonAsync("/agent", new { question = "What is 19 * 2?", session_id = "talk" }, Cancellation);
            using var alone = await client.PostAsJsonAsync("/agent", new { question = "What is 19 * 3?" }, Cancellation);
            Assert.True(asked.IsSuccessStatusCode && alone.IsSuccessStatusCode);
        }

        using var made = await leaving.PostAsJsonAsync("/keys", new { name = "k", scopes = "read" }, Cancellation);
        using var holder = production.Client((await made.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("key").GetString()!);

        var lines = (await leaving.GetStringAsync("/tenant/export", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal("end", lines[^1].GetProperty("type").GetString());
        Assert.Equal(
            new Dictionary<string, int> { ["session"] = 1, ["run"] = 2, ["api_key"] = 1, ["audit_event"] = 1, ["end"] = 1 },
            lines.CountBy(line => line.GetProperty("type").GetString()!).Where(pair => !pair.Key.StartsWith("budget", StringComparison.Ordinal)).ToDictionary());
        Assert.All(lines.SkipLast(1), line => Assert.False(line.GetProperty("data").TryGetProperty("hash", out _)));
        var run = lines.First(line => line.GetProperty("type").GetString() == "run").GetProperty("data");
        Assert.Equal("leaving", run.GetProperty("tenant_id").GetString());
        Assert.Equal("run_started", run.GetProperty("events")[0].GetProperty("type").GetString());

        foreach (var wrong in (string[])["/tenant", "/tenant?confirm=staying", "/tenant?confirm=leaving&really=1"])
        {
            using var refused = await leaving.DeleteAsync(wrong, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var removed = await leaving.DeleteAsync("/tenant?confirm=leaving", Cancellation);
        var told = await removed.Content.ReadAsStringAsync(Cancellation);
        Assert.True(removed.StatusCode == HttpStatusCode.OK, told);
        Assert.True(JsonElement.Parse(told).GetProperty("answers").GetInt64() >= 1, told);

        Assert.Equal(0, await CountAsync(leaving, "/sessions"));
        Assert.Equal(0, await CountAsync(leaving, "/runs"));
        Assert.Equal(0, await CountAsync(leaving, "/keys"));
        Assert.Equal(["tenant_deleted", "tenant_removal_begun"], (await AuditAsync(leaving)).Select(row => row.Action));
        using var again = await leaving.PostAsJsonAsync("/agent", new { question = "What is 19 * 3?" }, Cancellation);
        Assert.False((await again.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("cached").GetBoolean());
        using var anew = await leaving.PostAsJsonAsync("/agent", new { question = "What is 19 * 4?", session_id = "talk" }, Cancellation);
        Assert.True(anew.IsSuccessStatusCode);
        Assert.Equal(1, (await leaving.GetFromJsonAsync<JsonElement>("/sessions/talk", Cancellation)).GetProperty("turns").GetInt32());
        Assert.Equal((1, 2), (await CountAsync(staying, "/sessions"), await CountAsync(staying, "/runs")));
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await holder.GetAsync("/sessions", Cancellation);
                return answer.StatusCode == HttpStatusCode.Unauthorized;
            },
            () => "the removed key still opens");
    }

    private static async Task<int> CountAsync(HttpClient client, string list) =>
        (await client.GetFromJsonAsync<JsonElement>(list, Cancellation)).GetProperty("items").GetArrayLength();

    private static async Task<List<(string Action, string Actor, string? Target)>> AuditAsync(HttpClient client) =>
    [
        .. (await client.GetFromJsonAsync<JsonElement>("/audit?limit=100", Cancellation)).GetProperty("items").EnumerateArray()
            .Select(row => (row.GetProperty("action").GetString()!, row.GetProperty("actor").GetString()!, row.GetProperty("target").GetString())),
    ];
}
