using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Runs.Watching;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>
/// Brings a question to an answer at the least cost: from the cache, from the run that is answering the same question
/// right now, here or at another front, or from a run of its own. Whoever listens to a run's stream settles its flight:
/// the answer takes its place, or it is released. So a front that died leaves nothing that the next one does not mend.
/// </summary>
internal sealed class AnswerFlights(
    AnswerCache cache, RunClient runs, RunWatches watches, AnswerKeeping keeping, RequestTelemetry telemetry, TimeProvider timeProvider)
{
    // A flight outlives its run's last word by this; only the death of a front lets it run out.
    private static readonly TimeSpan FlightMargin = TimeSpan.FromSeconds(5);

    // What a run needs to begin, and how far its last frames may lag behind its outcome.
    private static readonly TimeSpan BeforeRun = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastFrames = TimeSpan.FromSeconds(1);

    private readonly LocalFlights<Passage> _local = new();

    public ValueTask<Passage> FlyAsync(AskedQuestion asked, CancellationToken cancellationToken) =>
        asked is { Key: { } key, Question: { CacheRead: true, Faults: null } } && cache.Recall(key) is { } remembered && Takes(asked, remembered)
            ? ValueTask.FromResult(Passage.Hit(remembered))
            : new ValueTask<Passage>(FindOrMakeAsync(asked, cancellationToken));

    private async Task<Passage> FindOrMakeAsync(AskedQuestion asked, CancellationToken cancellationToken)
    {
        if (asked.Key is not { } key || !asked.Question.CacheRead || asked.Question.Faults is not null)
        {
            return asked.Question switch
            {
                { SessionId: not null } => await MakeAsync(asked, result: null, cancellationToken),
                { CacheOnly: true } => Passage.NotCached(CacheResults.Bypass),
                _ => await MakeAsync(asked, CacheResults.Bypass, cancellationToken),
            };
        }

        if (asked.Question.CacheOnly)
        {
            return await cache.LookupAsync(key, cancellationToken) switch
            {
                AnswerLookup.Hit { Answer: var answer } when Takes(asked, answer) => Passage.Hit(answer),
                AnswerLookup.Unavailable => Passage.NotCached(CacheResults.Error),
                _ => Passage.NotCached(CacheResults.Miss),
            };
        }

        var passage = asked.MayShare
            ? await ShareAsync(asked, key, cancellationToken)
            : await cache.LookupAsync(key, cancellationToken) switch
            {
                AnswerLookup.Hit hit => Passage.Hit(hit.Answer),
                AnswerLookup.Unavailable => await MakeAsync(asked, CacheResults.Error, cancellationToken),
                _ => await MakeAsync(asked, CacheResults.Miss, cancellationToken),
            };
        return passage.Cached is { } found && !Takes(asked, found)
            ? await MakeAsync(asked, CacheResults.Bypass, cancellationToken)
            : passage;
    }

    /// <summary>Equal questions of this process join here before anybody asks Redis.</summary>
    private async Task<Passage> ShareAsync(AskedQuestion asked, AnswerKey key, CancellationToken cancellationToken)
    {
        Guid? left = null;
        for (var again = false; ;)
        {
            var flight = _local.Enter(key, asked.RunId, out var leads);
            var passage = leads
                ? await LeadAsync(asked, key, flight, left, cancellationToken)
                : await JoinAsync(asked, flight, cancellationToken);
            if (passage is not null && (again || !DeservesItsOwn(asked, passage)))
            {
                return passage;
            }

            // A leader that left leaves its run, also when no flight in Redis names it; one that was lost gets one more attempt.
            left = passage is null ? flight.RunId : null;
            again |= passage is not null;
            await flight.Landed.WaitAsync(cancellationToken);
        }
    }

    /// <param name="left">The run of a leader before this one that left.</param>
    private async Task<Passage> LeadAsync(
        AskedQuestion asked, AnswerKey key, LocalFlight<Passage> flight, Guid? left, CancellationToken cancellationToken)
    {
        try
        {
            var lookup = await cache.LookupOrLeadAsync(
                key, asked.RunId, asked.AnswerUntil.Remaining + FlightMargin, cancellationToken);
            if (lookup is AnswerLookup.Hit hit)
            {
                var cached = Passage.Hit(hit.Answer);
                flight.Report(cached);
                return cached;
            }

            if (lookup is AnswerLookup.Unavailable && left is { } orphan)
            {
                lookup = new AnswerLookup.Flight(orphan);
            }

            if (lookup is AnswerLookup.Flight elsewhere)
            {
                flight.RunId = elsewhere.RunId;
            }

            var passage = lookup switch
            {
                AnswerLookup.Flight { RunId: var runId } => await RunAsync(asked, runId, CacheResults.Joined, cancellationToken),
                AnswerLookup.Unavailable => await RunAsync(asked, asked.RunId, CacheResults.Error, cancellationToken),
                _ => await RunAsync(asked, asked.RunId, CacheResults.Miss, cancellationToken),
            };
            flight.Report(passage with { Joined = true, CacheResult = CacheResults.Joined, Decision = CacheDecisions.Joined });
            return await SettleAsync(asked, key, passage);
        }
        finally
        {
            _local.Land(key, flight);
        }
    }

    /// <summary>Waits for the leader as long as this question may take; null when the leader left without a word.</summary>
    private async Task<Passage?> JoinAsync(AskedQuestion asked, LocalFlight<Passage> flight, CancellationToken cancellationToken)
    {
        using var landed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = asked.Live is { } live ? WatchAsync(asked, live, flight, landed.Token) : Task.CompletedTask;
        try
        {
            var passage = await flight.Result.WaitAsync(asked.RunUntil.Remaining, timeProvider, cancellationToken);
            if (passage?.Reply is RunReply.Outcome)
            {
                await Task.WhenAny(watching, Task.Delay(LastFrames, timeProvider, cancellationToken));
            }

            return passage;
        }
        catch (TimeoutException)
        {
            return Passage.Run(new RunReply.TimedOut(), flight.RunId) with { Joined = true, CacheResult = CacheResults.Joined };
        }
        finally
        {
            await landed.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Shows the leader's run. It may not have begun yet, or be that of another front, or not be needed at all.</summary>
    private async Task WatchAsync(AskedQuestion asked, ILiveAnswer live, LocalFlight<Passage> flight, CancellationToken cancellationToken)
    {
        live.Announce(CacheHeaders.Forwarded(asked, CacheResults.Joined));
        RunReply reply;
        do
        {
            await Task.Delay(BeforeRun, timeProvider, cancellationToken);
            var runId = flight.RunId;
            reply = await watches.WatchAsync(
                asked.Question.TenantId, runId, live.PositionIn(runId), (frame, token) => live.ShowAsync(runId, frame, token), cancellationToken);
        }
        while (reply is RunReply.Refused { Code: ProblemCodes.RunNotFound });
    }

    /// <param name="result">What the look-up gave: one of <see cref="CacheResults"/>; null when the session looks up.</param>
    private async Task<Passage> RunAsync(AskedQuestion asked, Guid runId, string? result, CancellationToken cancellationToken)
    {
        var joined = result == CacheResults.Joined;
        using var running = telemetry.Running(asked, runId, joined);
        asked.Live?.Announce(CacheHeaders.Forwarded(asked, result));
        var request = asked.Request(runId, attach: joined);
        var reply = asked.Live is { } live
            ? await watches.RunAsync(
                request, live.PositionIn(runId), asked.RunUntil, (frame, token) => live.ShowAsync(runId, frame, token), cancellationToken)
            : await runs.RunAsync(request, asked.RunUntil, onFrame: null, cancellationToken);
        return Passage.Run(reply, runId) with { Joined = joined, CacheResult = result };
    }

    /// <summary>A run of one's own, shared with nobody.</summary>
    private async Task<Passage> MakeAsync(AskedQuestion asked, string? result, CancellationToken cancellationToken)
    {
        var passage = await RunAsync(asked, asked.RunId, result, cancellationToken);
        return passage with { Decision = await keeping.KeepAsync(asked, passage.Reply!) };
    }

    /// <summary>Puts the answer in the place of the flight, or takes the flight away before the slower rungs are tried.</summary>
    private async Task<Passage> SettleAsync(AskedQuestion asked, AnswerKey key, Passage passage)
    {
        var decision = await keeping.KeepAsync(asked, passage.Reply!);
        // Who only joined and heard no outcome knows nothing of the leader's flight.
        var isMine = !passage.Joined || passage.Reply is RunReply.Outcome;
        if (isMine && decision != CacheDecisions.Stored && passage.CacheResult != CacheResults.Error)
        {
            await cache.ReleaseAsync(key, passage.RunId, CancellationToken.None);
        }

        return passage with { Decision = passage.Joined ? CacheDecisions.Joined : decision };
    }

    private bool Takes(AskedQuestion asked, CachedAnswer cached) => asked.Takes(cached, timeProvider.GetUtcNow());

    /// <summary>
    /// A joined run ended for a reason that was its owner's alone, cancelled or with a shorter timeout, or was lost, and there is time.
    /// </summary>
    private static bool DeservesItsOwn(AskedQuestion asked, Passage passage) =>
        passage is
        {
            Joined: true,
            Reply: RunReply.Outcome { Run.Status: RunStatus.Cancelled or RunStatus.TimedOut }
                or RunReply.TimedOut or RunReply.Silent or RunReply.Broken or RunReply.Unreachable,
        }
        && asked.HasTimeForAnother;
}
