using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Sessions;

/// <summary>One run inside a host: what was asked, and the task that gives its last news.</summary>
internal sealed class HostedRun(RunRequest request)
{
    public RunRequest Request => request;

    /// <summary>Ends with the outcome or the refusal; never faults.</summary>
    public Task<RunNews> Done { get; set; } = Task.FromResult(RunNews.AtWork);
}
