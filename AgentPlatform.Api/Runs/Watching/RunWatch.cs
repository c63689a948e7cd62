using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Runs.Watching;

/// <summary>A run that somebody watches here, with its one stream from an executor.</summary>
/// <param name="tenant">Whose run it is.</param>
/// <param name="start">The request that starts the run or attaches to it; null to watch what exists.</param>
internal sealed class RunWatch(string tenant, Guid runId, RunRequest? start, long bound) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public string Tenant => tenant;

    public Guid RunId => runId;

    public RunRequest? Start => start;

    public FrameBuffer Frames { get; } = new(bound);

    /// <summary>Cancelled when nobody watches any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The stream says when the run waits for a person; one that only watches stays open instead.</summary>
    public bool TellsWaiting { get; set; } = start is not null;

    /// <summary>How the last attempt to find the run failed; null as long as none did, and when an executor has it.</summary>
    public RunReply? Lost { get; set; }

    /// <summary>Counted by <see cref="RunWatches"/> under its lock.</summary>
    public int Watchers { get; set; }

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();
}
