using System.Collections.Concurrent;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Runs this process is at work on. A second activation of a run's host waits for the first one's work instead of claiming the run
/// from its own process, and the scan leaves these runs alone.
/// </summary>
internal sealed class DrivenRuns
{
    private readonly ConcurrentDictionary<(string TenantId, Guid RunId), Task> _work = new();

    public bool Contains(string tenantId, Guid runId) => _work.ContainsKey((tenantId, runId));

    /// <summary>Ends when the work has ended, however; null when there is none.</summary>
    public Task? WorkOn(string tenantId, Guid runId) => _work.GetValueOrDefault((tenantId, runId));

    /// <summary>Ends when what is at work now has ended, however.</summary>
    public Task NoneAsync() => Task.WhenAll(_work.Values);

    /// <summary>The work begins now and ends when the result is disposed.</summary>
    public IDisposable Begin(RunIdentity run) => new Work(this, run);

    private sealed class Work : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly DrivenRuns _runs;
        private readonly (string, Guid) _key;

        public Work(DrivenRuns runs, RunIdentity run)
        {
            _runs = runs;
            _key = (run.TenantId, run.RunId);
            runs._work[_key] = _done.Task;
        }

        public void Dispose()
        {
            _runs._work.TryRemove(KeyValuePair.Create(_key, _done.Task));
            _done.TrySetResult();
        }
    }
}
