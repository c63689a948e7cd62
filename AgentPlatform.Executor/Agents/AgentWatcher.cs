using System.Threading.Channels;
using AgentPlatform.Executor.Agents.Files;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Agents;

/// <summary>
/// Has the catalogue look again when a file changed. Reports of the file system come in bursts and are joined; where
/// none come (network volumes, mounted configuration, no more watches to have) a slow poll finds the change.
/// </summary>
internal sealed partial class AgentWatcher(
    Lazy<AgentCatalogue> catalogue, AgentFolder folder, IOptions<AgentOptions> options, TimeProvider time, ILogger<AgentWatcher> logger)
    : BackgroundService
{
    /// <summary>Editors write a file in several steps.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly Channel<bool> _reports = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The first read is part of the start: models are known by now, and a bad file ends it here.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await catalogue.Value.FirstToolsAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = Watch();
        using var poll = new PeriodicTimer(options.Value.PollInterval, time);
        var tick = poll.WaitForNextTickAsync(stoppingToken).AsTask();
        var report = _reports.Reader.ReadAsync(stoppingToken).AsTask();
        while (true)
        {
            var first = await Task.WhenAny(tick, report);
            stoppingToken.ThrowIfCancellationRequested();
            if (first == report)
            {
                await Task.Delay(Settle, time, stoppingToken);
                _reports.Reader.TryRead(out _);
                report = _reports.Reader.ReadAsync(stoppingToken).AsTask();
            }
            else
            {
                tick = poll.WaitForNextTickAsync(stoppingToken).AsTask();
            }

            catalogue.Value.Reload();
        }
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            var watcher = new FileSystemWatcher(folder.Path);
            watcher.Changed += Report;
            watcher.Created += Report;
            watcher.Deleted += Report;
            watcher.Renamed += Report;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            NotWatched(exception, folder.Path, options.Value.PollInterval.TotalSeconds);
            return null;
        }
    }

    private void Report(object sender, FileSystemEventArgs change) => _reports.Writer.TryWrite(true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changes in {Folder} are not reported here; it is read every {Seconds} s")]
    private partial void NotWatched(Exception exception, string folder, double seconds);
}
