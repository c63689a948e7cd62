using System.Globalization;

namespace AgentPlatform.Api.Quotas;

/// <summary>
/// What is left, for clients that pace themselves: <c>RateLimit</c> and <c>RateLimit-Policy</c> of draft-ietf-httpapi-ratelimit-headers, and the three
/// headers of its earlier revisions, which is what most libraries read.
/// </summary>
internal static class QuotaHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string Standing = "RateLimit";
    public const string Limit = "RateLimit-Limit";
    public const string Remaining = "RateLimit-Remaining";
    public const string Reset = "RateLimit-Reset";

    public static void Write(IHeaderDictionary headers, QuotaVerdict verdict)
    {
        var (quota, counted, _) = verdict;
        var policies = new List<string>(2);
        var standings = new List<string>(2);
        if (quota.Requests > 0)
        {
            var (remaining, reset) = (quota.Remaining(counted.Ahead), Seconds(counted.Ahead));
            policies.Add(Text($"\"requests\";q={quota.Requests};w={Seconds(quota.Period)}"));
            standings.Add(Text($"\"requests\";r={remaining};t={reset}"));
            headers[Limit] = Text($"{quota.Requests}");
            headers[Remaining] = Text($"{remaining}");
            headers[Reset] = Text($"{reset}");
        }

        if (quota.Concurrent is { } concurrent)
        {
            policies.Add(Text($"\"concurrent\";q={concurrent};qu=\"concurrent-requests\""));
            // Who was refused for another reason was not counted here.
            if (counted.Refused is null or QuotaKind.Concurrent)
            {
                standings.Add(Text($"\"concurrent\";r={Math.Max(0, concurrent - counted.UnderWay)}"));
            }
        }

        headers[Policy] = string.Join(", ", policies);
        headers[Standing] = string.Join(", ", standings);
    }

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
