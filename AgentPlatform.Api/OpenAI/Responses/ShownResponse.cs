using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Streaming;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// Shows one response while it is made, whoever gives its answer: the run, the cache or the ladder. Once the client was told that its stream cannot go on, nothing of
/// its request is touched any more.
/// </summary>
internal sealed class ShownResponse : IDisposable
{
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenRegistration _aborted;
    private readonly EventStream _stream;
    private readonly ResponseRequest _request;
    private readonly ResponseCreation _creation;
    private readonly ResponseAsking _asking;
    private readonly ResponseFollowing _following;
    private readonly StoredResponses _responses;
    private readonly TimeProvider _timeProvider;

    public ShownResponse(EventStream stream, ResponseRequest request, IServiceProvider services, CancellationToken aborted)
    {
        (_stream, _request) = (stream, request);
        _creation = services.GetRequiredService<ResponseCreation>();
        _asking = services.GetRequiredService<ResponseAsking>();
        _following = services.GetRequiredService<ResponseFollowing>();
        _responses = services.GetRequiredService<StoredResponses>();
        _timeProvider = services.GetRequiredService<TimeProvider>();
        _aborted = aborted.Register(() =>
        {
            if (!Broken.IsCompleted)
            {
                _leaving.Cancel();
            }
        });
    }

    /// <summary>Done when the stream has ended because of pieces that do not count.</summary>
    public Task Broken => _broken.Task;

    /// <summary>The client left, and not because its stream ended.</summary>
    public CancellationToken Leaving => _leaving.Token;

    public void Dispose() => _aborted.Dispose();

    public async Task<ResponseAttempt> ShowAsync(AgentQuestion question, CancellationToken cancellationToken)
    {
        var fold = new ResponseFold(question.RunId!.Value);
        var live = new LiveResponse(_stream, fold, unstored: question.Echo is null ? _creation.Unstored(question, _request.Echo) : null) { Broken = _broken };
        if (_request.Background)
        {
            var started = await _asking.StartAsync(question, _request, cancellationToken);
            if (!started.Delivery.IsProblem)
            {
                await FollowAsync(question, live, cancellationToken);
            }

            return started;
        }

        var telling = new ResponseTelling(fold, _timeProvider);
        var result = await _creation.AskAsync(question with { Label = telling.Tell }, _request.Previous, live, cancellationToken);
        if (!fold.IsOver && (_stream.HasBegun || result is not AgentResult.Refused))
        {
            await EndAsync(question, live, telling.Label, result, cancellationToken);
        }

        return await _asking.ConcludeAsync(question, _request, result, cancellationToken);
    }

    private async Task EndAsync(AgentQuestion question, LiveResponse live, ToldLabel? told, AgentResult result, CancellationToken cancellationToken)
    {
        _stream.Cache = result.Cache ?? _stream.Cache;
        var fold = live.Fold;
        if (result is AgentResult.Answered { Answer: var answer } && (question.Echo is null || told is not null))
        {
            await live.SendAsync(fold.Body is null ? fold.Begin(_creation.Unstored(question, _request.Echo)) : [], cancellationToken);
            await live.SendAsync(
                fold.IsWriting ? fold.Fail(ResponseFold.Void) : ResponseCreation.Tell(fold, answer, told?.At ?? _timeProvider.GetUtcNow()), cancellationToken);
        }
        else if (!await FollowAsync(question, live, cancellationToken))
        {
            var why = result is AgentResult.Refused refused ? refused.Detail : "The run waits for a person, and the response was not to be stored: it cannot be followed.";
            await live.SendAsync(fold.Body is null ? fold.Begin(_creation.Unstored(question, _request.Echo)) : [], cancellationToken);
            await live.SendAsync(fold.Fail(new ResponseError(ResponseFold.ServerError, why)), cancellationToken);
        }
    }

    /// <summary>The run stands in the journal: it ended otherwise than by an answer, waits for a person, is in the background, or its last frames are late.</summary>
    /// <returns>False when it does not.</returns>
    private async Task<bool> FollowAsync(AgentQuestion question, LiveResponse live, CancellationToken cancellationToken)
    {
        var found = await _responses.FindEndedAsync(question.TenantId, ResponseIds.Of(question.RunId!.Value), cancellationToken);
        if (found.IsGood)
        {
            await _following.FollowAsync(question.TenantId, found.Value, live, cancellationToken);
        }

        return found.IsGood;
    }
}
