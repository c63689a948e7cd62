using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// The answer cache as a session uses it: the key holds the history, so an answer of one conversation is never given in
/// another that went differently. Sessions look up and store, but hold no flights.
/// </summary>
internal sealed class SessionAnswers(AnswerCache cache, AgentModels models, TimeProvider clock)
{
    /// <returns>Null when there is none that this caller takes.</returns>
    public async Task<SessionHit?> FindAsync(RunTicket ticket, CancellationToken cancellationToken)
    {
        if (!ticket.Agent.Cache.Enabled || !ticket.Request.CacheRead)
        {
            return null;
        }

        if (await cache.LookupAsync(KeyOf(ticket), cancellationToken) is not AnswerLookup.Hit { Answer: var found })
        {
            return null;
        }

        var age = (clock.GetUtcNow() - found.WrittenAt).TotalSeconds;
        if (age > ticket.Request.CacheMaxAge)
        {
            return null;
        }

        var completed = new RunCompleted { Answer = found.Answer, Output = found.Output, SourceRunId = found.SourceRunId };
        return new SessionHit(completed, found.Model, age, found.Untrusted);
    }

    /// <summary>Stores the answer when it may be; the outcome then says what was decided.</summary>
    public async Task<RunOutcome> KeepAsync(RunTicket ticket, RunOutcome outcome)
    {
        if (!outcome.Cache.Storable)
        {
            return outcome;
        }

        if (!ticket.Request.CacheWrite)
        {
            return outcome with { Cache = new CacheDecision { Decision = "no_store" } };
        }

        if (outcome.AgentVersion != ticket.Agent.Version)
        {
            // Another process had begun this run, on another version and another conversation than this key names.
            return outcome with { Cache = new CacheDecision { Decision = "other_version" } };
        }

        var stored = await cache.StoreAsync(KeyOf(ticket), CachedAnswer.Of(outcome), ticket.Agent.Cache, CancellationToken.None);
        return outcome with
        {
            Cache = new CacheDecision
            {
                Decision = stored switch
                {
                    StoreResult.Stored => outcome.Cache.Decision,
                    StoreResult.Removed => "removed",
                    _ => "unavailable",
                },
            },
        };
    }

    private AnswerKey KeyOf(RunTicket ticket) => AnswerKey.Of(new AnswerKeyParts(
        ticket.Request.TenantId,
        ticket.Agent.Name,
        ticket.Agent.Version,
        AgentInfos.ModelSettings(ticket.Agent, models),
        AgentInstructions.NameUser(ticket.Agent.Instructions) ? ticket.Request.User ?? "" : "",
        HistoryDigest.Of(ticket.History.Select(turn => (turn.Asked, turn.Said)), ticket.Summary),
        ticket.Request.Question,
        ticket.Agent.Cache.Form,
        ContextDigest.Of(ticket.Request.Context)));
}

/// <summary>A cached answer for a session.</summary>
/// <param name="Age">Seconds since it was written.</param>
/// <param name="Untrusted">It was made of results that anybody may have written.</param>
internal sealed record SessionHit(RunCompleted Completed, string? Model, double Age, bool Untrusted);
