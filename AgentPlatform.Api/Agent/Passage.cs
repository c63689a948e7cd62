using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Api.Agent;

/// <summary>What came of a question at the cache and the executor: a cached answer, or the reply of a run.</summary>
internal sealed record Passage
{
    private Passage()
    {
    }

    public CachedAnswer? Cached { get; private init; }

    /// <summary>Set unless <see cref="Cached"/> is.</summary>
    public RunReply? Reply { get; private init; }

    /// <summary>The run of <see cref="Reply"/>.</summary>
    public Guid RunId { get; private init; }

    /// <summary>The run was made for somebody else's equal question.</summary>
    public bool Joined { get; init; }

    /// <summary>What the look-up gave: one of <see cref="CacheResults"/>; null when the session looks up.</summary>
    public string? CacheResult { get; init; }

    /// <summary>What became of the answer: a word for the caller.</summary>
    public string Decision { get; init; } = CacheDecisions.Bypassed;

    public static Passage Hit(CachedAnswer answer) => new()
    {
        Cached = answer,
        CacheResult = CacheResults.Hit,
        Decision = CacheDecisions.Hit,
    };

    /// <summary>The caller wanted a cached answer or none.</summary>
    /// <param name="result">Why there is none: one of <see cref="CacheResults"/>.</param>
    public static Passage NotCached(string result) => new()
    {
        Reply = new RunReply.Refused(
            StatusCodes.Status504GatewayTimeout,
            ProblemCodes.NotCached,
            result switch
            {
                CacheResults.Error => "The cache cannot be reached, and 'only-if-cached' asked for no other answer.",
                CacheResults.Bypass => "This question is not answered from the cache, and 'only-if-cached' asked for no other answer.",
                _ => "There is no cached answer to this question, and 'only-if-cached' asked for no other. Ask without it.",
            },
            HeaderNames.CacheControl,
            RetryAfter: null),
        CacheResult = result,
    };

    public static Passage Run(RunReply reply, Guid runId) => new() { Reply = reply, RunId = runId };
}
