using System.Collections.Concurrent;
using System.Text;
using AgentPlatform.Tests.Stack;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Canaries;

/// <summary>Everything that a stack wrote, said and stored, by where it stands.</summary>
internal sealed class Haystack
{
    private readonly ConcurrentQueue<(string Place, string Text)> _straws = new();

    public void Add(string place, string text) => _straws.Enqueue((place, text));

    /// <summary>Bytes keep the texts in them: nothing is decoded that could be decoded wrongly.</summary>
    public void Add(string place, ReadOnlySpan<byte> bytes) => Add(place, Encoding.Latin1.GetString(bytes));

    public async Task AddAsync(HttpResponseMessage response)
    {
        var place = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}";
        Add(place, $"{response} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>What the AppHost and its children wrote, and all rows of all tables.</summary>
    public async Task AddAsync(RunningStack stack, string connectionString)
    {
        Add("console", stack.Output);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(stack.DataFolder, "logs"), "*", SearchOption.AllDirectories))
        {
            await using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await log.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            Add(Path.GetFileName(file), bytes.ToArray());
        }

        await using var database = NpgsqlDataSource.Create(connectionString);
        var tables = new List<string>();
        await using (var list = database.CreateCommand("SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"))
        await using (var reader = await list.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await using var dump = database.CreateCommand($"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t");
            Add($"table {table}", (string)(await dump.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
        }
    }

    public IEnumerable<string> PlacesOf(string needle) => _straws.Where(straw => straw.Text.Contains(needle, StringComparison.Ordinal)).Select(straw => straw.Place).Distinct();
}
