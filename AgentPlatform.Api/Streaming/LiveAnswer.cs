using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.Streaming;

/// <summary>
/// What one client sees of an answer being made. It keeps account of the text that the client has been shown, so that at the end the deltas of the
/// last reply are the answer, whoever gave it: the run, the cache or the ladder.
/// </summary>
internal sealed class LiveAnswer(EventStream stream) : ILiveAnswer
{
    private readonly StringBuilder _shown = new();
    private Guid _runId;
    private FrameId _last;
    private int _attempt;
    private bool _unfinished;

    /// <summary>When the run began, if the client was shown that.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When the last event happened.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>How much of this run the client has seen.</summary>
    public FrameId PositionIn(Guid runId) => runId == _runId ? _last : FrameId.Start;

    /// <summary>What the head of the stream says of the cache, as long as it has not been sent.</summary>
    public void Announce(CacheHeaders? cache) => stream.Cache = cache ?? stream.Cache;

    /// <summary>Shows the next frame of a run. A run other than before follows when the one that was joined first was lost.</summary>
    public async ValueTask ShowAsync(Guid runId, RunFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Id is not { } id)
        {
            await stream.BeginAsync(cancellationToken);
            return;
        }

        if (runId != _runId)
        {
            await DiscardAsync(cancellationToken);
            _runId = runId;
        }

        _last = id;
        Account(frame);
        await PublicEvents.SendAsync(stream, runId, frame, cancellationToken);
    }

    /// <summary>Ends the stream: what the client has not seen of the answer, then <c>done</c> or <c>error</c>.</summary>
    public async Task FinishAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Status == StatusCodes.Status200OK)
        {
            var body = JsonElement.Parse(delivery.Body);
            var answer = body.GetProperty("answer").GetString()!;
            var isShown = _shown.Equals(answer);
            if (!isShown)
            {
                await DiscardAsync(cancellationToken);
            }

            if (body.GetProperty("degraded") is { ValueKind: JsonValueKind.Object } degraded)
            {
                await stream.SendAsync(PublicEvents.Degraded, id: null, degraded, cancellationToken);
            }

            if (!isShown)
            {
                await stream.SendAsync(PublicEvents.Delta, id: null, new DeltaData(answer, 0, _attempt + 1), cancellationToken);
            }
        }

        await EndAsync(stream, delivery, cancellationToken);
    }

    /// <summary>The last event alone.</summary>
    public static Task EndAsync(EventStream stream, Delivery delivery, CancellationToken cancellationToken) => stream.SendJsonAsync(
        delivery.IsProblem ? PublicEvents.Error : PublicEvents.Done, id: null, Encoding.UTF8.GetBytes(delivery.Body), cancellationToken);

    private async Task DiscardAsync(CancellationToken cancellationToken)
    {
        if (_unfinished)
        {
            await stream.SendAsync(PublicEvents.ReplyDiscarded, id: null, new ReplyDiscardedData(_attempt), cancellationToken);
        }

        _unfinished = false;
        _shown.Clear();
    }

    private void Account(RunFrame frame)
    {
        switch (frame)
        {
            case { Delta: { } delta }:
                if (delta.Offset == 0)
                {
                    _shown.Clear();
                }

                _shown.Append(delta.Text);
                (_attempt, _unfinished) = (delta.Attempt, true);
                break;
            case { Discarded: not null }:
                _shown.Clear();
                _unfinished = false;
                break;
            case { Event: { } happened }:
                StartedAt ??= (happened as RunStarted)?.At;
                LastAt = happened.At;
                if (happened is ModelReplied reply)
                {
                    (_attempt, _unfinished) = (0, false);
                    if (!_shown.Equals(reply.Text))
                    {
                        _shown.Clear();
                    }
                }

                break;
        }
    }
}
