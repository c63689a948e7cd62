using AgentPlatform.Executor.Tools.OpenApi;

namespace AgentPlatform.Executor.Agents;

/// <summary>
/// Fetches the documents with a URL that agent files name, and has the catalogue look again when one came or changed. The start
/// waits for them a little, so that agents usually begin with all their tools; it never depends on them.
/// </summary>
internal sealed class DocumentRefresher(Lazy<AgentCatalogue> catalogue, OpenApiDocuments documents, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan StartWaits = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private Task _first = Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = catalogue.Value;
        _first = RefreshAsync(cancellationToken);
        await Task.WhenAny(_first, Task.Delay(StartWaits, time, cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _first.WaitAsync(stoppingToken);
        using var look = new PeriodicTimer(LookEvery, time);
        while (await look.WaitForNextTickAsync(stoppingToken))
        {
            await RefreshAsync(stoppingToken);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await documents.RefreshAsync(cancellationToken);
        if (documents.FetchedChanged())
        {
            catalogue.Value.Reload();
        }
    }
}
