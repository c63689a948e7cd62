using System.Globalization;
using System.Text;

namespace AgentPlatform.Api.Agent;

/// <summary>What the cache had to do with an answer, for HTTP: <c>Cache-Status</c> (RFC 9211) and <c>Age</c>. It says what the body's <c>cache</c> says.</summary>
/// <param name="Status">Value of <c>Cache-Status</c>.</param>
/// <param name="Age">Seconds since a cached answer was written.</param>
internal sealed record CacheHeaders(string Status, long? Age = null)
{
    public const string StatusHeader = "Cache-Status";

    private const string Name = "agentplatform";

    /// <summary>What is known when a run is about to be followed; null for a session, which looks up for itself.</summary>
    /// <param name="result">One of <see cref="CacheResults"/>.</param>
    public static CacheHeaders? Forwarded(AskedQuestion asked, string? result) =>
        result is null ? null : new CacheHeaders(Forward(asked, result, decision: null).ToString());

    /// <param name="info">The same in the body; null when there is no answer yet.</param>
    /// <param name="freshUntil">Of a cached answer, where it is known.</param>
    public static CacheHeaders Of(AskedQuestion asked, Passage passage, AnswerCacheInfo? info, DateTimeOffset? freshUntil, DateTimeOffset now)
    {
        var status = info switch
        {
            { Hit: true, Stale: false } => new StringBuilder($"{Name}; hit"),
            { Stale: true } => new StringBuilder($"{Name}; fwd=stale"),
            _ => Forward(asked, passage.CacheResult, info?.Decision),
        };
        if (freshUntil is { } until)
        {
            status.Append(CultureInfo.InvariantCulture, $"; ttl={(long)Math.Floor((until - now).TotalSeconds)}");
        }

        switch (info)
        {
            case { Decision: CacheDecisions.Stored }:
                status.Append("; stored");
                break;
            // The words that say no more than the parameters.
            case null or { Decision: CacheDecisions.Hit or CacheDecisions.Joined }:
                break;
            default:
                status.Append("; detail=").Append(info.Decision);
                break;
        }

        return new CacheHeaders(status.ToString(), info is { Hit: true, Age: { } age } ? (long)age : null);
    }

    public void Write(HttpResponse response)
    {
        response.Headers[StatusHeader] = Status;
        if (Age is { } age)
        {
            response.Headers.Age = age.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static StringBuilder Forward(AskedQuestion asked, string? result, string? decision)
    {
        var mayNotAnswer = !asked.Question.CacheRead || (result == CacheResults.Bypass && asked.Question.CacheMaxAge is not null && asked.Key is not null);
        var reason = mayNotAnswer ? "request"
            : result is CacheResults.Bypass or CacheResults.Error || decision == CacheDecisions.Disabled ? "bypass"
            : "uri-miss";
        var status = new StringBuilder($"{Name}; fwd={reason}");
        return result == CacheResults.Joined ? status.Append("; collapsed") : status;
    }
}
