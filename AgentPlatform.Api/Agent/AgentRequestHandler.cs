using AgentPlatform.Api.Agents;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Agent;

/// <summary>
/// The story of one question at the front:
/// 1. the agent that is to answer it, and with it the key of the answer;
/// 2. the cache: the answer, a flight to join, or the lead;
/// 3. the executor: the run, under an id chosen here;
/// 4. the ladder, when the run cannot give its answer in time;
/// 5. the store, which the flight settles as soon as the run has ended.
/// </summary>
internal sealed class AgentRequestHandler(
    AgentDirectory agents,
    AnswerFlights flights,
    Ladder ladder,
    SessionReports reports,
    RequestTelemetry telemetry,
    IOptions<FallbackOptions> fallback,
    TimeProvider timeProvider)
{
    // The name a caller gets without naming one: it is taken on trust while no executor has told its agents yet.
    private const string DefaultAgent = "default";

    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(1);

    /// <returns>The answer, a wait for a person, or a problem. Cancelled only by the caller's own token.</returns>
    /// <param name="live">Who watches the answer being made; null for a caller who wants it in one piece.</param>
    public async Task<AgentResult> HandleAsync(AgentQuestion question, ILiveAnswer? live, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        var timeout = Deadline.In(TimeSpan.FromSeconds(question.Timeout) - question.Waited, timeProvider);

        // 1.
        var catalogue = await agents.GetAsync(cancellationToken);
        var agent = catalogue?.Find(question.Agent);
        if (agent is null && (catalogue is not null || question.Agent != DefaultAgent))
        {
            return UnknownAgent(question.Agent, catalogue);
        }

        // Only from here on: the catalogue is everybody's.
        FaultScope.Enter(question.BeginFaults());
        var asked = AskedQuestion.Of(question, agent, timeout, fallback.Value, timeProvider) with { Live = live };
        using var activity = AgentActivity.StartInvokeAgent(question.Agent, asked.RunId.ToString(), question.SessionId);
        telemetry.Asked();

        // 2, 3 and 5.
        var passage = await flights.FlyAsync(asked, cancellationToken);
        var run = (passage.Reply as RunReply.Outcome)?.Run;
        telemetry.LookedUp(passage, run);
        if (run is not null && passage is { Joined: false, Decision: not CacheDecisions.Hit })
        {
            telemetry.Spent(run.Usage);
        }

        // 4.
        var result = passage.Cached is { } cached
            ? new AgentResult.Answered(AgentAnswers.OfHit(asked, cached, timeProvider.GetUtcNow()), cached.FreshUntil)
            : await ConcludeAsync(asked, passage, passage.Reply!, cancellationToken);

        switch (result)
        {
            case AgentResult.Answered { Answer: var answer } answered:
                answer = answer with { Duration = Math.Round(timeProvider.GetElapsedTime(started).TotalSeconds, 3) };
                telemetry.Answered(asked, answer);
                return answered with
                {
                    Answer = answer,
                    Cache = CacheHeaders.Of(asked, passage, answer.Cache, answered.FreshUntil, timeProvider.GetUtcNow()),
                };
            case AgentResult.Refused refused:
                telemetry.Refused(asked, refused);
                activity.Failed(refused.Code);
                return refused;
            default:
                return result with { Cache = CacheHeaders.Of(asked, passage, info: null, freshUntil: null, timeProvider.GetUtcNow()) };
        }
    }

    /// <summary>The run's answer as it is, a problem, or what the ladder has instead.</summary>
    private async Task<AgentResult> ConcludeAsync(
        AskedQuestion asked, Passage passage, RunReply reply, CancellationToken cancellationToken)
    {
        if (Reasons.Of(reply) is { } reason)
        {
            return asked.Question.Strict
                ? AgentResult.Refused.Because(reason, reply, passage.RunId)
                : await DescendAsync(asked, passage, reason, cancellationToken);
        }

        return reply switch
        {
            RunReply.Outcome { Run: { Status: RunStatus.AwaitingApproval } waiting } =>
                AgentResult.AwaitingApproval.Of(waiting),
            RunReply.Outcome { Run.Status: RunStatus.Cancelled } => AgentResult.Refused.Cancelled(passage.RunId),
            RunReply.Outcome { Run: var run } => Answer(asked, passage, run),
            RunReply.Refused refused => AgentResult.Refused.As(refused),
            _ => throw new InvalidOperationException($"A reply of kind {reply.GetType().Name} has a reason."),
        };
    }

    private static AgentResult Answer(AskedQuestion asked, Passage passage, RunOutcome run)
    {
        var degraded = CompletedRuns.Degradation(run, passage.Reply!.Reattach, passage.Reply.Interrupted);
        // Strict callers want the agent's own full answer. One that took a detour is just that.
        return asked.Question.Strict && degraded is { Level: not DegradationLevel.Retried }
            ? AgentResult.Refused.Because(degraded.Reason, passage.Reply, run.RunId)
            : new AgentResult.Answered(AgentAnswers.OfRun(passage.Decision, run, degraded));
    }

    private async Task<AgentResult> DescendAsync(
        AskedQuestion asked, Passage passage, FailureReason reason, CancellationToken cancellationToken)
    {
        using var about = telemetry.About(passage.RunId);
        var run = (passage.Reply as RunReply.Outcome)?.Run;
        var answer = await ladder.DescendAsync(
            new LadderRequest
            {
                Question = asked.Question,
                Reason = reason,
                Agent = asked.Agent,
                Key = asked.Question.CacheRead ? asked.Key : null,
                Steps = run?.Partial ?? [],
                Reattach = passage.Reply!.Reattach,
                Deadline = asked.AnswerUntil,
            },
            cancellationToken);
        telemetry.Spent(answer.Usage);
        var recorded = await TellSessionAsync(asked, passage.RunId, answer, reason, run?.Usage ?? Usage.None, cancellationToken);
        var degraded = new Degraded(answer.Level, reason, answer.Tried, recorded);
        return new AgentResult.Answered(
            AgentAnswers.OfLadder(asked, passage.RunId, answer, degraded, run?.Usage ?? Usage.None, timeProvider.GetUtcNow()),
            answer.Source?.FreshUntil);
    }

    private async Task<bool?> TellSessionAsync(
        AskedQuestion asked, Guid runId, LadderAnswer answer, FailureReason reason, Usage spent, CancellationToken cancellationToken)
    {
        var label = asked.Question.Label?.Invoke(answer, reason, spent);
        if (asked.Question.SessionId is not { } sessionId)
        {
            return null;
        }

        var told = new ToldAnswer
        {
            TenantId = asked.Question.TenantId,
            SessionId = sessionId,
            RunId = runId,
            Agent = asked.Question.Agent,
            Question = asked.Question.Question,
            Answer = answer.Text,
            Level = answer.Level.Word(),
            Reason = reason,
            Label = label,
        };
        return await reports.TellAsync(told, asked.AnswerUntil, cancellationToken);
    }

    private static AgentResult.Refused UnknownAgent(string name, AgentCatalogue? catalogue) => catalogue is not null
        ? new AgentResult.Refused(
            StatusCodes.Status404NotFound, ProblemCodes.AgentNotFound, AgentNames.NotFound(name, catalogue), "agent")
        : new AgentResult.Refused(
            StatusCodes.Status503ServiceUnavailable, ProblemCodes.ExecutorUnavailable,
            AgentNames.NotYetKnown, RetryAfter: SoonAgain);
}
