using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What one client sees of a response being made.</summary>
/// <param name="fold">Of the response, from its beginning.</param>
/// <param name="after">Number of the last event the client has; only what comes later is sent.</param>
/// <param name="unstored">How a response begins that no journal tells of; null for one that is stored.</param>
internal sealed class LiveResponse(EventStream stream, ResponseFold fold, int after = -1, ResponseBody? unstored = null) : ILiveAnswer
{
    /// <summary>Done when the client was told that its stream cannot go on.</summary>
    public TaskCompletionSource Broken { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ResponseFold Fold => fold;

    public FrameId PositionIn(Guid runId) => fold.Position;

    public void Announce(CacheHeaders? cache) => stream.Cache = cache ?? stream.Cache;

    public async ValueTask ShowAsync(Guid runId, RunFrame frame, CancellationToken cancellationToken)
    {
        if (Broken.Task.IsCompleted)
        {
            // The client has gone, with all that belonged to its request.
            return;
        }

        await stream.BeginAsync(cancellationToken);
        if (unstored is not null && fold.Body is null)
        {
            await SendAsync(fold.Begin(unstored), cancellationToken);
        }

        await SendAsync(fold.Apply(frame), cancellationToken);
        if (fold.IsBroken)
        {
            Broken.TrySetResult();
        }
    }

    public async Task SendAsync(IEnumerable<ResponseEvent> events, CancellationToken cancellationToken)
    {
        foreach (var next in events.Where(next => next.SequenceNumber > after))
        {
            await stream.SendJsonAsync(
                next.Type, id: null, JsonSerializer.SerializeToUtf8Bytes(next, ResponsesJson.Spoken.ResponseEvent), cancellationToken);
        }
    }
}
