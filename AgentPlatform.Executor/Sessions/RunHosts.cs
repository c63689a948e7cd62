using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Executor.Sessions;

/// <summary>Which grain works on a run.</summary>
internal static class RunHosts
{
    public static IRunHost Of(IGrainFactory grains, RunRequest request) => request.SessionId is { } session
        ? grains.GetGrain<ISessionGrain>(RunHostKey.Of(request.TenantId, session))
        : grains.GetGrain<ISingleRunGrain>(RunHostKey.Of(request.TenantId, request.RunId));

    /// <summary>What to ask the host of a run for that stands in the journal.</summary>
    public static RunRequest Request(string tenantId, Guid runId, RunStarted started) => new()
    {
        RunId = runId,
        TenantId = tenantId,
        SessionId = started.SessionId,
        Agent = started.Agent,
        Question = started.Question,
        Background = started.Background,
        Timeout = OrphanScanner.WakeSeconds,
        Attach = true,
    };
}
