using System.Globalization;
using AgentPlatform.Benchmarks.Load;
using AgentPlatform.Benchmarks.Stack;
using AgentPlatform.Benchmarks.Throughput;
using AgentPlatform.Executor.Documents;
using AgentPlatform.Executor.Documents.Search;
using AgentPlatform.Executor.Storage;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AgentPlatform.Benchmarks.Documents;

/// <summary>
/// How long <c>search_documents</c> takes over ten thousand passages, half of them Chinese. An executor of the local stack indexes them as it does anybody's; the
/// searches are made by the tool itself, on the stack's Postgres, one after the other and eight at a time.
/// </summary>
internal static class DocumentsCommand
{
    private const int Passages = 10_000;
    private const string Folder = "bench";

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = ThroughputOptions.Parse(arguments);
        var texts = new MixedText(Path.Combine(AppContext.BaseDirectory, "documents", "platform"));
        var documents = Directory.CreateTempSubdirectory("agentplatform-documents-").FullName;
        try
        {
            texts.Write(documents, Passages);
            await using var model = await CannedModel.StartAsync(cancellationToken);
            var settings = new Dictionary<string, string> { [$"Documents__Folders__{Folder}"] = documents };
            await using var stack = await StackUnderLoad.StartAsync(model.BaseUrl, executors: 1, settings, cancellationToken);
            var connection = stack.PostgresConnection(ResourceNames.Database);
            await WaitForIndexAsync(connection, cancellationToken);

            using var host = Host(connection, documents);
            var plugin = host.Services.GetRequiredService<SearchDocumentsPlugin>();
            foreach (var workers in (int[])[1, 8])
            {
                var number = 0;
                async Task<bool> SearchAsync(int worker, CancellationToken stop)
                {
                    // The words come from one source of chance.
                    string question;
                    lock (texts)
                    {
                        question = texts.Question(number++);
                    }

                    return (await plugin.SearchAsync(question, Folder, cancellationToken: stop)).Note is null;
                }

                await LoadLoop.RunAsync(workers, options.WarmUp / 5, SearchAsync, cancellationToken);
                Print(workers, await LoadLoop.RunAsync(workers, options.Duration * options.Rounds, SearchAsync, cancellationToken));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(documents, recursive: true);
        }
    }

    private static async Task WaitForIndexAsync(string connection, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var count = database.CreateCommand($"SELECT count(*), max(indexed_at) - min(indexed_at) FROM documents JOIN document_chunks USING (tenant_id, folder, path) WHERE folder = '{Folder}'");
        while (true)
        {
            await using (var reader = await count.ExecuteReaderAsync(cancellationToken))
            {
                await reader.ReadAsync(cancellationToken);
                if (reader.GetInt64(0) >= Passages)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(0)} passages, indexed in {reader.GetTimeSpan(1).TotalSeconds:0.0} s"));
                    return;
                }
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    private static IHost Host(string connection, string documents)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{ResourceNames.Database}"] = connection,
            [$"Documents:Folders:{Folder}"] = documents,
        });
        builder.AddAgentStorage();
        builder.Services.AddDocuments();
        builder.Services.AddMetrics().AddSingleton<AgentMetrics>();
        return builder.Build();
    }

    private static void Print(int workers, LoadResult load) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{workers} at a time  {load.Count} searches  {load.PerSecond:0}/s  p50 {load.Milliseconds(50):0.0} ms  p95 {load.Milliseconds(95):0.0} ms  p99 {load.Milliseconds(99):0.0} ms  {load.Errors} without a result {load.FirstError}"));
}
