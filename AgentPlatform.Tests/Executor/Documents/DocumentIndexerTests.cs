using System.Text;
using AgentPlatform.Executor.Documents;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

public sealed class DocumentIndexerTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_changed_is_indexed_again_and_what_is_gone_is_removed()
    {
        await using var bench = await BenchAsync();
        bench.Write("pump.md", "# Pump\n\nHold the red button.\n\n## Reset\n\nTurn the valve.");
        bench.Write("sub/boiler.txt", "Let the boiler cool down.");
        await bench.IndexAsync();
        Assert.Equal((2, 3), (await bench.CountAsync("documents"), await bench.CountAsync("document_chunks")));
        var before = await TimesAsync(bench);

        bench.Write("pump.md", "# Pump\n\nHold the green lever.");
        File.SetLastWriteTimeUtc(Path.Combine(bench.Root, "sub/boiler.txt"), DateTime.UnixEpoch);
        await bench.IndexAsync();

        var after = await TimesAsync(bench);
        Assert.Equal(before["sub/boiler.txt"], after["sub/boiler.txt"]);
        Assert.NotEqual(before["pump.md"], after["pump.md"]);
        Assert.Equal("pump.md:3", Assert.Single(await bench.FindAsync("Where is the green lever?")).Source);
        Assert.Empty(await bench.FindAsync("Where is the valve?"));

        File.Delete(Path.Combine(bench.Root, "pump.md"));
        await bench.IndexAsync();
        Assert.Equal((1, 1), (await bench.CountAsync("documents"), await bench.CountAsync("document_chunks")));
        Assert.Equal(
            [
                "Documents of handbook: 2 indexed, 0 unchanged, 0 removed, 0 left out",
                "Documents of handbook: 1 indexed, 1 unchanged, 0 removed, 0 left out",
                "Documents of handbook: 0 indexed, 1 unchanged, 1 removed, 0 left out",
            ],
            bench.Log.Lines.Select(line => line.Text[..line.Text.LastIndexOf(',')]));
    }

    [Fact]
    public async Task Files_that_are_no_text_are_left_out_with_a_warning_once()
    {
        await using var bench = await BenchAsync();
        bench.Write("good.md", "\uFEFFA pump.\r\n\r\nA valve.");
        File.WriteAllBytes(Path.Combine(bench.Root, "latin.md"), Encoding.Latin1.GetBytes("Die Tür"));
        File.WriteAllBytes(Path.Combine(bench.Root, "binary.txt"), [65, 0, 66]);
        bench.Write("large.txt", new string('x', 10_001));

        await bench.IndexAsync();
        await bench.IndexAsync();

        Assert.Equal(1, await bench.CountAsync("documents"));
        Assert.Equal("A pump.\n\nA valve.", Assert.Single(await bench.FindAsync("pump")).Text);
        var warnings = bench.Log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text.Trim()).Order().ToList();
        Assert.Equal(
            [
                "The document binary.txt of handbook is left out: it is no text: it holds zero bytes",
                "The document large.txt of handbook is left out: it has 10001 bytes, at most 10000 are read (Documents:MaxFileBytes)",
                "The document latin.md of handbook is left out: it is not UTF-8 (byte 6); save it as UTF-8",
            ],
            warnings);

        // A document that turns into something else is not found by what it was.
        File.WriteAllBytes(Path.Combine(bench.Root, "good.md"), [0]);
        await bench.IndexAsync();
        Assert.Equal((0, 0), (await bench.CountAsync("documents"), await bench.CountAsync("document_chunks")));
    }

    [Fact]
    public async Task One_executor_indexes_at_a_time_and_the_next_finds_nothing_to_do()
    {
        await using var bench = await BenchAsync();
        for (var number = 0; number < 120; number++)
        {
            bench.Write($"{number % 7}/file{number}.md", string.Join("\n\n", Enumerable.Range(0, 4).Select(part => $"# Part {part}\n\nText {number} {part}.")));
        }

        var others = Enumerable.Range(0, 3).Select(_ => bench.NewIndexer()).ToList();
        var done = await Task.WhenAll(others.Select(indexer => indexer.RunAsync(Cancellation)));

        Assert.Contains(true, done);
        Assert.All(await Task.WhenAll(others.Select(async indexer => await EventuallyAsync(indexer))), Assert.True);
        Assert.Equal((120, 480), (await bench.CountAsync("documents"), await bench.CountAsync("document_chunks")));
        Assert.Single(bench.Log.Lines);
    }

    [Fact]
    public async Task While_another_has_the_lock_nothing_is_done()
    {
        await using var bench = await BenchAsync();
        bench.Write("a.md", "A pump.");
        await using var other = await bench.Database.OpenConnectionAsync(Cancellation);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(6021076430172560)", other))
        {
            await take.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.False(await bench.Indexer.RunAsync(Cancellation));
        Assert.Equal(0, await bench.CountAsync("documents"));
    }

    [Fact]
    public async Task A_folder_that_is_away_keeps_its_index_and_one_that_is_not_configured_any_more_does_not()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var bench = new DocumentBench(database, options => options.Folders["second"] = Path.GetTempPath() + "no-such-folder");
        bench.Write("a.md", "A pump.");
        await bench.IndexAsync();
        Assert.Contains(bench.Log.Lines, line => line.Text.Contains("second cannot be read", StringComparison.Ordinal));

        Directory.Move(bench.Root, bench.Root + "-away");
        await bench.IndexAsync();
        Assert.Equal(1, await bench.CountAsync("documents"));
        Directory.Move(bench.Root + "-away", bench.Root);

        await using var changed = new DocumentBench(database, options => options.Folders.Remove("handbook"));
        await changed.IndexAsync();
        Assert.Equal((0, 0), (await bench.CountAsync("documents"), await bench.CountAsync("document_chunks")));
    }

    [Fact]
    public void Mistakes_in_the_section_are_told_at_once()
    {
        var options = new DocumentOptions { Folders = { ["my docs"] = "/a" }, Tenants = { ["nowhere"] = "acme" } };

        Assert.Equal(
            [
                "Documents:Folders:my docs: a folder's name is 1 to 64 of A-Z, a-z, 0-9, _ and -. Rename it.",
                "Documents:Tenants:nowhere: there is no such folder. Set Documents:Folders:nowhere to its path.",
            ],
            new DocumentOptionsValidator().Validate(null, options).Failures);
    }

    private async Task<DocumentBench> BenchAsync() => new(await postgres.CreateDatabaseAsync(Cancellation));

    private static async Task<bool> EventuallyAsync(AgentPlatform.Executor.Documents.Indexing.DocumentIndexer indexer)
    {
        await Until.TrueAsync(() => indexer.RunAsync(Cancellation), "the lock is free", Cancellation);
        return true;
    }

    private static async Task<Dictionary<string, DateTime>> TimesAsync(DocumentBench bench)
    {
        var times = new Dictionary<string, DateTime>();
        await using var command = bench.Database.CreateCommand("SELECT path, indexed_at FROM documents");
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            times.Add(reader.GetString(0), reader.GetDateTime(1));
        }

        return times;
    }
}
