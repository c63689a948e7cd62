using System.Threading.Channels;
using AgentPlatform.Executor.Documents.Files;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>
/// Has the folders indexed at the start, when a change is reported, and now and then. Nothing waits for it: until it is done a search finds less.
/// </summary>
internal sealed partial class DocumentWorker(
    DocumentIndexer indexer, DocumentFolders folders, IndexState state, IOptions<DocumentOptions> options, TimeProvider time, ILogger<DocumentWorker> logger)
    : BackgroundService
{
    /// <summary>Editors write a file in several steps.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    /// <summary>After a pass that failed, or that another executor was making.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _reports = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (folders.All.Count == 0)
        {
            // What was indexed once is not searched either.
            state.IsComplete = true;
        }

        var watchers = folders.All.Select(Watch).ToList();
        try
        {
            while (true)
            {
                var isDone = await TryAsync(stoppingToken);
                state.IsComplete |= isDone;
                await WaitAsync(isDone ? options.Value.RescanEvery : RetryAfter, stoppingToken);
            }
        }
        finally
        {
            watchers.ForEach(watcher => watcher?.Dispose());
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isDone = await indexer.RunAsync(cancellationToken);
            _isFailing = false;
            return isDone;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Once per outage: the database's own absence is told elsewhere too.
            if (!_isFailing)
            {
                Failed(exception, RetryAfter.TotalSeconds);
            }

            _isFailing = true;
            return false;
        }
    }

    /// <summary>Until something was reported, and has settled, or the time is over.</summary>
    private async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _reports.Reader.ReadAsync(either.Token);
            await Task.Delay(Settle, time, cancellationToken);
            _reports.Reader.TryRead(out _);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing was reported in this time.
        }
    }

    private FileSystemWatcher? Watch(DocumentFolder folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder.Path) { IncludeSubdirectories = true };
            watcher.Changed += Report;
            watcher.Created += Report;
            watcher.Deleted += Report;
            watcher.Renamed += Report;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            NotWatched(exception, folder.Path, options.Value.RescanEvery.TotalSeconds);
            return null;
        }
    }

    private void Report(object sender, FileSystemEventArgs change) => _reports.Writer.TryWrite(true);

    [LoggerMessage(EventId = 1, EventName = "documents_failed", Level = LogLevel.Warning, Message = "Documents could not be indexed; it is tried again every {Seconds} s")]
    private partial void Failed(Exception exception, double seconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Changes in {Folder} are not reported here; it is read every {Seconds} s")]
    private partial void NotWatched(Exception exception, string folder, double seconds);
}
