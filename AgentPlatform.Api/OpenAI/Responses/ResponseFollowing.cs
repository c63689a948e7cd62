using AgentPlatform.Api.Runs.Watching;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Shows a stored response to its end: what the journal has, or, while its run goes on, what happens.</summary>
internal sealed class ResponseFollowing(RunWatches watches, StoredResponses responses)
{
    /// <param name="stored">As it was found; not one of which the ladder may be about to tell.</param>
    /// <param name="live">May have been shown a part already.</param>
    public async Task FollowAsync(string tenant, StoredResponse stored, LiveResponse live, CancellationToken cancellationToken)
    {
        var runId = stored.View.Run.RunId;
        if (!stored.IsSettled)
        {
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = watches.WatchAsync(
                tenant, runId, live.Fold.Position, (frame, token) => live.ShowAsync(runId, frame, token), leaving.Token);
            await Task.WhenAny(watching, live.Broken.Task);
            await leaving.CancelAsync();
            await ((Task)watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (live.Fold.IsOver || (await responses.FindEndedAsync(tenant, ResponseIds.Of(runId), cancellationToken)).Value is not { IsSettled: true } ended)
            {
                return;
            }

            stored = ended;
        }

        foreach (var frame in stored.Frames.Where(frame => frame.Id > live.Fold.Position))
        {
            await live.ShowAsync(runId, frame, cancellationToken);
        }

        await live.SendAsync(stored.Conclude(live.Fold, mayBeTold: false), cancellationToken);
    }
}
