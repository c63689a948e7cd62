using Orleans.Concurrency;

namespace AgentPlatform.Executor.Sessions;

/// <summary>A grain that works on runs. Its key is <see cref="RunHostKey"/>.</summary>
internal interface IRunHost : IGrainWithStringKey
{
    /// <summary>
    /// Starts the run of this request, or joins it, and waits up to a second for its outcome. Call it again with the same
    /// request until there is one: never longer than a moment, so no grain call ever times out on a slow run.
    /// </summary>
    /// <param name="request">UTF-8 JSON of a <see cref="Core.Wire.RunRequest"/>.</param>
    [AlwaysInterleave]
    Task<RunNews> FollowAsync([Immutable] byte[] request);
}

/// <summary>Host of all runs of one session: one at a time, in order.</summary>
internal interface ISessionGrain : IRunHost
{
    /// <summary>The ladder answered instead of a run: what the person was told becomes the turn's text.</summary>
    /// <param name="told">UTF-8 JSON of a <see cref="Core.Wire.ToldAnswer"/>.</param>
    /// <returns>False when it could not be recorded.</returns>
    [AlwaysInterleave]
    Task<bool> RecordToldAsync([Immutable] byte[] told);

    /// <summary>Forgets what was loaded: the session was deleted.</summary>
    [AlwaysInterleave]
    Task ForgetAsync();
}

/// <summary>Host of one run without a session; gone when the run ends.</summary>
internal interface ISingleRunGrain : IRunHost;
