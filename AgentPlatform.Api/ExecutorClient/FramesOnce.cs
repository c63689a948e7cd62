using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Passes frames on in order and each once, however often streams begin again: what is not beyond the last position was there before.</summary>
internal sealed class FramesOnce(FrameId after, Func<RunFrame, CancellationToken, ValueTask> onFrame)
{
    /// <summary>The position of the last frame that was passed on.</summary>
    public FrameId Last { get; private set; } = after;

    public ValueTask PassAsync(RunFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Id is not { } id || id <= Last)
        {
            return ValueTask.CompletedTask;
        }

        Last = id;
        return onFrame(frame, cancellationToken);
    }
}
