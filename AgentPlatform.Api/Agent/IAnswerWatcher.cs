using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>Who follows an answer while it is made.</summary>
internal interface IAnswerWatcher
{
    /// <summary>How much of this run was shown.</summary>
    FrameId PositionIn(Guid runId);

    /// <summary>What is known of the cache before the answer is.</summary>
    void Announce(CacheHeaders? cache);

    /// <summary>Shows the next frame of a run. A run other than before follows when the one that was joined first was lost.</summary>
    ValueTask ShowAsync(Guid runId, RunFrame frame, CancellationToken cancellationToken);
}
