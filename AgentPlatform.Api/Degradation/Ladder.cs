using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Degradation;

/// <summary>
/// Always an answer, always in time, always labelled. When a run could not give its own answer the rungs are tried from
/// the best to the worst; reattaching and fallback models came before, at the executor client and inside the run:
/// 1. an earlier answer past its time;
/// 2. the model alone, without tools;
/// 3. what finished steps gave;
/// 4. the fixed sentence, which cannot fail.
/// </summary>
internal sealed class Ladder(AnswerCache cache, DirectModel direct, IOptions<FallbackOptions> options, TimeProvider timeProvider)
{
    private readonly FallbackOptions _options = options.Value;

    public async Task<LadderAnswer> DescendAsync(LadderRequest request, CancellationToken cancellationToken)
    {
        List<TriedRung> tried = request.Reattach is { } reattach ? [reattach] : [];
        (Rung Rung, Func<Task<(RungOutcome, LadderAnswer?)>> Try)[] rungs =
        [
            (Rung.Stale, () => StaleAsync(request, cancellationToken)),
            (Rung.Direct, () => DirectAsync(request, cancellationToken)),
            (Rung.Partial, () => Task.FromResult(Partial(request))),
        ];

        foreach (var (rung, tryRung) in rungs)
        {
            var started = timeProvider.GetTimestamp();
            var (outcome, answer) = await tryRung();
            tried.Add(new TriedRung(rung, outcome, (long)timeProvider.GetElapsedTime(started).TotalMilliseconds));
            if (answer is not null)
            {
                return answer with { Tried = tried };
            }
        }

        tried.Add(new TriedRung(Rung.Default, RungOutcome.Ok, 0));
        return new LadderAnswer(DegradationLevel.Default, FallbackTexts.Default(request.Question.Language)) { Tried = tried };
    }

    private async Task<(RungOutcome, LadderAnswer?)> StaleAsync(LadderRequest request, CancellationToken cancellationToken)
    {
        // An unknown outcome is a write that may have happened: an answer from before it would deny that.
        if (request.Key is not { } key || request.Reason == FailureReason.OutcomeUnknown)
        {
            return (RungOutcome.Skipped, null);
        }

        // Whatever Redis is allowed to take elsewhere, here the rungs below must still fit.
        using var limit = new CancellationTokenSource(TimeFor(request) / 4, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await cache.FindStaleAsync(key, either.Token) is { } stale
                ? (RungOutcome.Ok, new LadderAnswer(DegradationLevel.Stale, stale.Answer)
                {
                    Model = stale.Model,
                    Output = stale.Output,
                    Source = stale,
                })
                : (RungOutcome.Miss, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (RungOutcome.Timeout, null);
        }
    }

    private async Task<(RungOutcome, LadderAnswer?)> DirectAsync(LadderRequest request, CancellationToken cancellationToken)
    {
        // After a limit the run itself had a last call without tools; after an unknown outcome a model could only guess.
        if (!_options.DirectModel || request.Reason is FailureReason.Limit or FailureReason.OutcomeUnknown)
        {
            return (RungOutcome.Skipped, null);
        }

        return await direct.AskAsync(request, TimeFor(request), cancellationToken);
    }

    /// <summary>What the rungs have left. A question with much time of its own does not spend all of it on one call.</summary>
    private TimeSpan TimeFor(LadderRequest request) => request.Deadline.Plus(-_options.Reserve).AtMost(_options.DirectTimeout).Remaining;

    private static (RungOutcome, LadderAnswer?) Partial(LadderRequest request) => request.Steps.Count == 0
        ? (RungOutcome.Miss, null)
        : (RungOutcome.Ok, new LadderAnswer(
            DegradationLevel.Partial, FallbackTexts.Partial(request.Question.Language, request.Steps)));
}
