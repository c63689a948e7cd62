using Orleans.Concurrency;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// A grain that works on runs. Its key is <see cref="RunHostKey"/>. No call lasts longer than a moment, so none ever times out on a slow run. Every
/// <c>request</c> is the UTF-8 JSON of a <see cref="Core.Wire.RunRequest"/>: it starts the run, or joins it.
/// </summary>
internal interface IRunHost : IGrainWithStringKey
{
    /// <summary>Waits up to a second for the outcome. Call it again with the same request until there is one.</summary>
    [AlwaysInterleave]
    Task<RunNews> FollowAsync([Immutable] byte[] request);

    /// <summary>
    /// Waits up to a second for frames after a position, or, when all were seen, for the outcome. Call it again from <see cref="RunNews.Last"/>.
    /// </summary>
    /// <param name="live">Somebody reads along: the model's replies come in pieces.</param>
    [AlwaysInterleave]
    Task<RunNews> WatchAsync([Immutable] byte[] request, long seq, int n, bool live);

    /// <summary>Stops the run, and waits up to a second for its outcome.</summary>
    [AlwaysInterleave]
    Task<RunNews> CancelAsync([Immutable] byte[] request);

    /// <summary>Takes up a run that waits for a person with that person's word. Returns when the word is durable, or could not be used.</summary>
    /// <param name="decision">UTF-8 JSON of a <see cref="Core.Wire.ApprovalDecision"/>.</param>
    [AlwaysInterleave]
    Task<RunNews> DecideAsync([Immutable] byte[] request, string callId, [Immutable] byte[] decision);
}

/// <summary>Host of all runs of one session: one at a time, in order.</summary>
internal interface ISessionGrain : IRunHost
{
    /// <summary>The ladder answered instead of a run: what the person was told becomes the turn's text.</summary>
    /// <param name="told">UTF-8 JSON of a <see cref="Core.Wire.ToldAnswer"/>.</param>
    /// <returns>False when it could not be recorded.</returns>
    [AlwaysInterleave]
    Task<bool> RecordToldAsync([Immutable] byte[] told);

    /// <summary>Stops every run of the session that has not ended, and waits up to a second for that.</summary>
    [AlwaysInterleave]
    Task StopAllAsync(string tenantId, string sessionId);

    /// <summary>Forgets what was loaded: the session was deleted.</summary>
    [AlwaysInterleave]
    Task ForgetAsync();
}

/// <summary>Host of one run without a session; gone when the run ends.</summary>
internal interface ISingleRunGrain : IRunHost;
