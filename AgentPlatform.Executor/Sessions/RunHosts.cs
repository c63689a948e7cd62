using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Sessions;

/// <summary>Which grain works on a run.</summary>
internal static class RunHosts
{
    public static IRunHost Of(IGrainFactory grains, RunRequest request) => request.SessionId is { } session
        ? grains.GetGrain<ISessionGrain>(RunHostKey.Of(request.TenantId, session))
        : grains.GetGrain<ISingleRunGrain>(RunHostKey.Of(request.TenantId, request.RunId));
}
