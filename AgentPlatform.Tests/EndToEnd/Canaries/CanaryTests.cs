using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Secrets;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Stack;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Canaries;

/// <summary>Runs that end in every way there is, callers who are nobody, a database that goes away: and no secret of anybody in anything that was written.</summary>
public sealed class CanaryTests(CanaryStack canary) : IClassFixture<CanaryStack>
{
    private readonly Haystack _haystack = new();
    private readonly string _token = TestTokens.Of("acme");

    [Fact]
    public async Task No_secret_turns_up_in_a_log_a_trace_a_metric_a_row_or_an_answer()
    {
        var apiKey = await MakeKeyAsync();
        foreach (var question in (string[])["Anything", "Echo 200", "Echo 400", "Echo 500", "Nowhere", "Refuse", "Break", "Forge"])
        {
            await AskAsync(apiKey, question, new { question, session_id = "s" });
        }

        await Task.WhenAll(
            AskAsync(_token, "Hang", new { question = "Hang", timeout = 0.5 }),
            AskAsync(apiKey, "Refuse", new { question = "Refuse", stream = true }),
            AskAsync(apiKey, "Echo 400", new { question = "Echo 400", stream = true }),
            SendAsync(HttpMethod.Post, $"/v1/chat/completions?api_key={CanarySecrets.QueryToken}", apiKey, new { model = "default", messages = new[] { new { role = "user", content = "Break" } } }),
            SendAsync(HttpMethod.Get, $"/runs?token={CanarySecrets.QueryToken}", apiKey, null),
            SendAsync(HttpMethod.Get, "/runs", CanarySecrets.ForeignBearer, null),
            SendAsync(HttpMethod.Get, "/runs", CanarySecrets.WrongApiKey, null),
            SendAsync(HttpMethod.Get, "/sessions/s/turns", apiKey, null),
            // Whoever pastes a key where an id belongs: where there is no such route, where the caller may not, where there is nothing.
            SendAsync(HttpMethod.Delete, $"/keys/{CanarySecrets.WrongApiKey}", apiKey, null),
            SendAsync(HttpMethod.Get, $"/sessions/{CanarySecrets.WrongApiKey}", TestTokens.Of("acme", "run"), null),
            SendAsync(HttpMethod.Get, $"/runs/{CanarySecrets.WrongApiKey}", apiKey, null),
            AskExecutorAsync("/runs", CanarySecrets.WrongInternalKey));
        await LoseDatabaseAsync(apiKey);
        await SendAsync(HttpMethod.Get, "/metrics", apiKey, null);
        await AskExecutorAsync("/metrics", CanarySecrets.InternalKey);

        await GatherAsync();

        string[] secrets = [.. CanarySecrets.Fixed, .. CanarySecrets.OfStores(canary.Stack), apiKey, _token, _token.Split('.')[2]];
        Assert.Empty(secrets.SelectMany(secret => _haystack.PlacesOf(secret).Select(place => $"{secret[..14]}… in {place}")));
        // It was looked for where it had been.
        Assert.Contains("executor-1.jsonl", string.Join(' ', _haystack.PlacesOf($"Incorrect API key provided: Bearer {SecretMask.Mark}")), StringComparison.Ordinal);
        Assert.Contains("run_events", string.Join(' ', _haystack.PlacesOf($"X-Whatever: {SecretMask.Mark}")), StringComparison.Ordinal);
        Assert.All((string[])["traces", "metrics", "logs"], signal => Assert.Contains(canary.Telemetry.Exports, export => export.Signal == signal));
        AssertNobodyForged();
    }

    /// <summary>Every line is one object, and none of them says what only a name said.</summary>
    private void AssertNobodyForged()
    {
        foreach (var process in (string[])["api-1", "executor-1"])
        {
            var lines = canary.Stack.LogLines(process);
            Assert.DoesNotContain(lines, line => line.Field("message") == "forged");
            Assert.DoesNotContain('\u202e', string.Concat(lines.Select(line => line.ToString())));
        }
    }

    private async Task<string> MakeKeyAsync()
    {
        using var client = Client(_token);
        using var made = await client.PostAsJsonAsync("/keys", new { name = "canary", scopes = "run read admin" }, TestContext.Current.CancellationToken);
        return (await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("key").GetString()!;
    }

    private Task AskAsync(string proof, string question, object body) =>
        SendAsync(HttpMethod.Post, $"/agent?token={CanarySecrets.QueryToken}&q={question.Split(' ')[0]}", proof, body);

    private async Task SendAsync(HttpMethod method, string path, string proof, object? body)
    {
        using var client = Client(proof);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Cookie", $"session={CanarySecrets.Cookie}");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await _haystack.AddAsync(response);
    }

    private async Task AskExecutorAsync(string path, string key)
    {
        using var client = new HttpClient { BaseAddress = new Uri(canary.Stack.Processes["executor-1"].Address) };
        client.DefaultRequestHeaders.Add(InternalWire.KeyHeader, key);
        client.DefaultRequestHeaders.Add(InternalWire.TenantHeader, "acme");
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        await _haystack.AddAsync(response);
    }

    /// <summary>Questions and look-ups while Postgres comes back.</summary>
    private async Task LoseDatabaseAsync(string apiKey)
    {
        var back = canary.Stack.KillAndAwaitReturnAsync("postgres");
        await Task.WhenAll(
            AskAsync(apiKey, "Anything", new { question = "Anything", timeout = 1 }),
            SendAsync(HttpMethod.Get, "/runs", apiKey, null),
            SendAsync(HttpMethod.Get, "/health", apiKey, null));
        await back;
    }

    private async Task GatherAsync()
    {
        var exported = canary.Telemetry.Exports.Count;
        await Eventually.TrueAsync(() => canary.Telemetry.Exports.Count > exported + 2, () => $"{canary.Telemetry.Exports.Count} exports");
        foreach (var (signal, bytes) in canary.Telemetry.Exports)
        {
            _haystack.Add($"exported {signal}", bytes);
        }

        var state = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Path.Combine(canary.Stack.DataFolder, "state.json"), TestContext.Current.CancellationToken))!;
        await _haystack.AddAsync(canary.Stack, new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(state["postgres.port"], null),
            Username = "postgres",
            Password = state["postgres.password"],
            Database = "agentdb",
        }.ConnectionString);
    }

    private HttpClient Client(string proof)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = canary.Stack.Http.BaseAddress };
        if (proof.StartsWith("ap_CANARY", StringComparison.Ordinal))
        {
            client.DefaultRequestHeaders.Add("x-api-key", proof);
        }
        else
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", proof);
        }

        return client;
    }
}
