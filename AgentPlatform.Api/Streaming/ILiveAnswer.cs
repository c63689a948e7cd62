using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Streaming;

/// <summary>Somebody who watches an answer being made, in whatever dialect.</summary>
internal interface ILiveAnswer
{
    /// <summary>How much of this run the client has seen.</summary>
    FrameId PositionIn(Guid runId);

    /// <summary>What the head of the stream says of the cache, as long as it has not been sent.</summary>
    void Announce(CacheHeaders? cache);

    /// <summary>Shows the next frame of a run. A run other than before follows when the one that was joined first was lost.</summary>
    ValueTask ShowAsync(Guid runId, RunFrame frame, CancellationToken cancellationToken);
}
