using System.Text.Json;
using AgentPlatform.Tests.Stack;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>Agents are files, and files change while the stack is up.</summary>
[Collection(SharedModelStack.Name)]
public sealed class AgentReloadTests(ModelStack shared)
{
    private const string Agent = "changing";

    [Fact]
    public async Task A_changed_file_is_a_new_version_with_answers_of_its_own()
    {
        const string question = "Who are you now?";
        var before = await VersionAsync();
        Assert.False((await shared.Stack.AskAsync(question, agent: Agent)).Cached);
        Assert.True((await shared.Stack.AskAsync(question, agent: Agent)).Cached);

        shared.WriteAgent(Agent, "temperature: 0.9");
        string? after = null;
        await Eventually.TrueAsync(async () => (after = await VersionAsync()) != before, () => $"still {before}");
        var next = await shared.Stack.AskAsync(question, agent: Agent);

        Assert.False(next.Cached);
        Assert.Equal(after, (await shared.Stack.GetAsync($"/runs/{next.RunId}"))["agent_version"].GetString());
        Assert.Equal([0.1, 0.9], shared.RequestsFor(question).Select(request => Math.Round(request.Body.GetProperty("temperature").GetDouble(), 3)));
        await Eventually.TrueAsync(async () => (await StoredAsync()).IsSupersetOf([before!, after!]), () => $"{before} and {after} are not both stored");
    }

    private async Task<string?> VersionAsync() => (await shared.Stack.GetAsync($"/agents/{Agent}"))["version"].GetString();

    private async Task<HashSet<string>> StoredAsync()
    {
        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(shared.Stack.DataFolder, "state.json"), TestContext.Current.CancellationToken));
        var password = state.RootElement.GetProperty("postgres.password").GetString();
        var port = shared.Stack.Processes["postgres"].Port;
        await using var database = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database=agentdb");
        await using var command = database.CreateCommand("SELECT version FROM agent_versions WHERE agent = $1");
        command.Parameters.AddWithValue(Agent);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var versions = new HashSet<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            versions.Add(rows.GetString(0));
        }

        return versions;
    }
}
