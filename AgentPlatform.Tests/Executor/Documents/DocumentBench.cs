using AgentPlatform.Executor.Documents;
using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Indexing;
using AgentPlatform.Executor.Documents.Search;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Executor.Tools;
using AgentPlatform.ServiceDefaults.Secrets;
using AgentPlatform.ServiceDefaults.Telemetry;
using AgentPlatform.Tests.Executor.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

/// <summary>Folders on disk, their index in a Postgres database, and the tool as an agent calls it.</summary>
internal sealed class DocumentBench : IAsyncDisposable
{
    private readonly IOptions<DocumentOptions> _options;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ApplicationDataSource _application;
    private readonly WriterDataSource _writer;
    private readonly ToolCatalogue _catalogue;
    private readonly bool _ownsRoot;
    private readonly ToolInvoker _invoker = new(SecretMask.None, TimeProvider.System, new CapturedLog<ToolInvoker>());

    public DocumentBench(string connectionString, Action<DocumentOptions>? configure = null, string? root = null, int maxFileBytes = 10_000)
    {
        _ownsRoot = root is null;
        Root = root ?? Directory.CreateTempSubdirectory("documents-").FullName;
        _application = new ApplicationDataSource(connectionString, new StorageOptions());
        _writer = new WriterDataSource(connectionString, new StorageOptions());
        Database = NpgsqlDataSource.Create(connectionString);
        var options = new DocumentOptions { Folders = { [DocumentOptions.Platform] = "", ["handbook"] = Root }, MaxFileBytes = maxFileBytes };
        configure?.Invoke(options);
        _options = Options.Create(options);
        Folders = new DocumentFolders(_options, new Environment());
        Search = new DocumentSearch(_application);
        _catalogue = ToolBench.CatalogueOf(new SearchDocumentsPlugin(Search, Folders, State, TimeProvider.System));
        Indexer = NewIndexer();
    }

    public string Root { get; }

    /// <summary>Connections of whoever looks after the server.</summary>
    public NpgsqlDataSource Database { get; }

    public DocumentFolders Folders { get; }

    public DocumentIndexer Indexer { get; }

    public DocumentSearch Search { get; }

    public IndexState State { get; } = new() { IsComplete = true };

    public CapturedLog<DocumentIndexer> Log { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Another executor's, which has read nothing yet.</summary>
    public DocumentIndexer NewIndexer() =>
        new(_writer, Folders, _options, new AgentMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), TimeProvider.System, Log);

    public DocumentWorker NewWorker() => new(Indexer, Folders, State, _options, TimeProvider.System, new CapturedLog<DocumentWorker>());

    public void Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public async Task IndexAsync() => Assert.True(await Indexer.RunAsync(Cancellation));

    /// <summary>Sources of what is found, best first.</summary>
    public async Task<IReadOnlyList<Passage>> FindAsync(string question, int limit = 5) =>
        await Search.FindAsync(DocumentFolders.EveryTenant, question, Folders.All, limit, Cancellation);

    public async Task<ToolResult> CallAsync(string arguments, string tenant = "local") => await _invoker.InvokeAsync(
        _catalogue.Find("search_documents")!, arguments, ToolBench.Call with { TenantId = tenant }, Cancellation);

    public async Task<long> CountAsync(string table)
    {
        await using var command = Database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _application.DisposeAsync();
        await _writer.DisposeAsync();
        await _services.DisposeAsync();
        if (_ownsRoot && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private sealed class Environment : IHostEnvironment
    {
        public string ApplicationName { get; set; } = "test";

        public string EnvironmentName { get; set; } = "Development";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
