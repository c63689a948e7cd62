using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>
/// Decides which answers are kept, and keeps them: complete ones, undegraded, whose effects the executor found cacheable,
/// under the version that produced them. An answer whose run was interrupted is complete, but it is labelled degraded, and
/// nothing labelled so is ever kept: one rule that holds without exceptions is worth more than those few entries.
/// </summary>
internal sealed class AnswerKeeping(AnswerCache cache, AgentDirectory agents)
{
    /// <returns>The word for <c>cache.decision</c>.</returns>
    public async Task<string> KeepAsync(AskedQuestion asked, RunReply reply)
    {
        if (reply is not RunReply.Outcome { Run: { Status: RunStatus.Completed } run })
        {
            return CacheDecisions.Bypassed;
        }

        if (asked.Key is not { } key || asked.Agent is not { } agent)
        {
            // A session looks up, keeps and decides for itself. Without one nothing is kept here, whatever the executor would allow.
            return asked.Question.SessionId is null && run.Cache.Storable ? CacheDecisions.Bypassed : run.Cache.Decision;
        }

        if (!run.Cache.Storable || run.Answer is null || run.Model is null)
        {
            return run.Cache.Decision;
        }

        if (run.Limit is not null || reply.Interrupted)
        {
            return CacheDecisions.Degraded;
        }

        if (!asked.Question.CacheWrite)
        {
            return CacheDecisions.Bypassed;
        }

        if (run.AgentVersion != agent.Version)
        {
            // The definition changed under way. Without its own entry of the catalogue the key would be a guess.
            var catalogue = await agents.GetAsync(CancellationToken.None);
            if (catalogue?.Find(agent.Name) is not { Cache.Enabled: true } current || current.Version != run.AgentVersion)
            {
                return CacheDecisions.OtherVersion;
            }

            (agent, key) = (current, asked.KeyUnder(current));
        }

        // Of nobody's token: the answer is there, whether its caller still is or not.
        return await cache.StoreAsync(key, CachedAnswer.Of(run), agent.Cache, CancellationToken.None) switch
        {
            StoreResult.Stored => CacheDecisions.Stored,
            StoreResult.Removed => CacheDecisions.Removed,
            _ => CacheDecisions.Unavailable,
        };
    }
}
