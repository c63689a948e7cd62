using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>Makes the public body out of what answered the question; the duration is set when it leaves.</summary>
internal static class AgentAnswers
{
    public static AgentAnswer OfHit(AskedQuestion asked, CachedAnswer cached, DateTimeOffset now) => new()
    {
        Answer = cached.Answer,
        Output = cached.Output,
        Cached = true,
        Agent = asked.Question.Agent,
        Model = cached.Model,
        Usage = AnswerUsage.Of(Usage.None),
        Cache = new AnswerCacheInfo(true, Age(cached, now), false, cached.SourceRunId, CacheDecisions.Hit),
    };

    /// <param name="decision">What became of the answer at the cache.</param>
    public static AgentAnswer OfRun(string decision, RunOutcome run, Degraded? degraded)
    {
        // A session found the answer in the cache: to the caller the same as any hit.
        var hit = run.Cache.Decision == CacheDecisions.Hit;
        return new AgentAnswer
        {
            Answer = run.Answer!,
            Output = run.Output,
            HandedOver = run.HandedOver,
            FinishReason = run.FinishReason,
            Iterations = hit ? 0 : run.Iterations,
            Cached = hit,
            RunId = hit ? null : run.RunId,
            SessionId = run.SessionId,
            Agent = run.Agent,
            Model = run.Model ?? LadderAnswer.NoModel,
            Usage = AnswerUsage.Of(hit ? Usage.None : run.Usage),
            Degraded = degraded,
            Cache = new AnswerCacheInfo(hit, run.Cache.Age, false, run.Cache.SourceRunId, decision),
        };
    }

    /// <param name="spent">What the run cost before it failed.</param>
    public static AgentAnswer OfLadder(
        AskedQuestion asked, Guid runId, LadderAnswer answer, Degraded degraded, Usage spent, DateTimeOffset now) => new()
        {
            Answer = answer.Text,
            Output = answer.Output,
            Cached = answer.Source is not null,
            RunId = runId,
            SessionId = asked.Question.SessionId,
            Agent = asked.Question.Agent,
            Model = answer.Model,
            Usage = AnswerUsage.Of(spent.Plus(answer.Usage)),
            Degraded = degraded,
            Cache = answer.Source is { } source
                ? new AnswerCacheInfo(true, Age(source, now), now >= source.FreshUntil, source.SourceRunId, CacheDecisions.Stale)
                : new AnswerCacheInfo(false, null, false, null, CacheDecisions.Degraded),
        };

    private static double Age(CachedAnswer cached, DateTimeOffset now) =>
        Math.Round(Math.Max(0, (now - cached.WrittenAt).TotalSeconds), 3);
}
