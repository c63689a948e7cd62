using System.Text.Json;
using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Search;
using AgentPlatform.Executor.Documents.Terms;
using AgentPlatform.Tests.Postgres;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

public sealed class SearchDocumentsTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passages_come_with_source_line_and_heading_and_one_document_does_not_take_all_places()
    {
        await using var bench = await BenchAsync();
        bench.Write("pump.md", string.Concat(Enumerable.Range(1, 6).Select(number => $"# Pump {number}\n\nReset the pump by its button.\n\n")));
        bench.Write("deep/boiler.md", "# Boiler\n\n## Reset\n\nThe boiler has no button, its pump has.");
        await bench.IndexAsync();

        var result = await bench.CallAsync("""{"query":"How do I reset the pump with its button?","limit":4}""");

        Assert.Null(result.Error);
        var results = Results(result.Text);
        Assert.Equal(3, results.Count);
        Assert.Equal(2, results.Count(passage => passage.GetProperty("source").GetString()!.StartsWith("pump.md:", StringComparison.Ordinal)));
        var boiler = results.Single(passage => passage.GetProperty("source").GetString() == "deep/boiler.md:5");
        Assert.Equal(
            ("handbook", "Boiler > Reset", "The boiler has no button, its pump has."),
            (boiler.GetProperty("folder").GetString(), boiler.GetProperty("heading").GetString(), boiler.GetProperty("text").GetString()));
        Assert.Equal(results.Select(Score).OrderDescending(), results.Select(Score));
    }

    [Fact]
    public async Task Of_a_long_passage_the_lines_that_answer_are_shown()
    {
        await using var bench = await BenchAsync();
        bench.Write("table.md", $"| setting | what |\n|---|---|\n{string.Join('\n', Enumerable.Range(1, 25).Select(number => $"| Name{number} | {new string('x', 40)} |"))}");
        await bench.IndexAsync();

        var found = Assert.Single(await bench.FindAsync("Name20"));

        Assert.StartsWith("| Name20 |", found.Text, StringComparison.Ordinal);
        Assert.Equal("table.md:22", found.Source);
        Assert.True(found.Text.Length <= Excerpt.Most);
    }

    [Fact]
    public async Task What_is_not_there_is_said_in_words_the_model_can_act_on()
    {
        await using var bench = await BenchAsync();
        bench.Write("pump.md", "# Pump\n\nHold the red button.");
        await bench.IndexAsync();

        var nothing = await bench.CallAsync("""{"query":"Who wrote Hamlet?"}""");
        Assert.Null(nothing.Error);
        Assert.Empty(Results(nothing.Text));
        Assert.Contains("Nothing was found.", nothing.Text, StringComparison.Ordinal);

        bench.State.IsComplete = false;
        Assert.Contains("still being read in", (await bench.CallAsync("""{"query":"Who wrote Hamlet?"}""")).Text, StringComparison.Ordinal);

        var folder = await bench.CallAsync("""{"query":"pump","folder":"cellar"}""");
        Assert.Equal((ToolErrorKind.InvalidArguments, "There is no such folder. Folders: handbook; leave it out to search all."), (folder.Error, folder.Text));
        Assert.Equal(ToolErrorKind.InvalidArguments, (await bench.CallAsync("""{"query":"pump","limit":11}""")).Error);
        Assert.Single(Results((await bench.CallAsync("""{"query":"pump","folder":"handbook"}""")).Text));
        Assert.Empty(Results((await bench.CallAsync("""{"query":"\u0000 … ' \\"}""")).Text));
    }

    [Fact]
    public async Task A_folder_of_one_tenant_is_not_another_tenants()
    {
        await using var bench = new DocumentBench(
            await postgres.CreateDatabaseAsync(Cancellation), options => options.Tenants["handbook"] = "acme");
        bench.Write("pump.md", "Hold the red button.");
        await bench.IndexAsync();
        const string query = """{"query":"red button"}""";

        Assert.Single(Results((await bench.CallAsync(query, tenant: "acme")).Text));
        Assert.Empty(Results((await bench.CallAsync(query, tenant: "other")).Text));
        Assert.Equal("There are no folders to search. Answer without.", (await bench.CallAsync("""{"query":"x","folder":"handbook"}""", tenant: "other")).Text);

        await using var command = bench.Database.CreateCommand("SELECT DISTINCT tenant_id FROM document_chunks");
        Assert.Equal("acme", await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_to_the_model()
    {
        await using var bench = new DocumentBench("Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=1");

        var result = await bench.CallAsync("""{"query":"pump"}""");

        Assert.Equal(
            (ToolErrorKind.Failed, "The documents cannot be searched at the moment. Try once more later, or answer without them and say so."), (result.Error, result.Text));
    }

    [Fact]
    public async Task Ten_thousand_passages_are_searched_by_the_index()
    {
        await using var bench = await BenchAsync();
        await using (var fill = bench.Database.CreateCommand(
            $"""
            INSERT INTO documents SELECT '{DocumentFolders.EveryTenant}', 'handbook', 'f' || n, '', 100, now() FROM generate_series(1, 100) n;
            INSERT INTO document_chunks
            SELECT '{DocumentFolders.EveryTenant}', 'handbook', 'f' || n % 100, n, 1, 'h', repeat('text ', 200), array_to_tsvector(ARRAY['common', 'word' || n % 500, 'rare' || n])
            FROM generate_series(1, 10000) n;
            ANALYZE document_chunks;
            """))
        {
            await fill.ExecuteNonQueryAsync(Cancellation);
        }

        // The statement is inside a function, and so is its plan.
        await using var connection = await bench.Database.OpenConnectionAsync(Cancellation);
        var plan = new List<string>();
        connection.Notice += (_, notice) => plan.Add(notice.Notice.MessageText);
        await using (var tell = new NpgsqlCommand(
            "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; SET client_min_messages = log; SET app.tenant = 'local'", connection))
        {
            await tell.ExecuteNonQueryAsync(Cancellation);
        }

        await using (var search = new NpgsqlCommand(DocumentSearch.Sql, connection))
        {
            DocumentSearch.Fill(search.Parameters, QueryTerms.Of("common word7 rare9"), bench.Folders.All);
            Assert.NotNull(await search.ExecuteScalarAsync(Cancellation));
        }

        Assert.Contains(plan, line => line.Contains("ix_document_chunks_search", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on document_chunks", StringComparison.Ordinal));
    }

    private static double Score(JsonElement passage) => passage.GetProperty("score").GetDouble();

    private static List<JsonElement> Results(string text) => [.. JsonDocument.Parse(text).RootElement.GetProperty("results").EnumerateArray()];

    private async Task<DocumentBench> BenchAsync() => new(await postgres.CreateDatabaseAsync(Cancellation));
}
