using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AgentPlatform.Executor.Problems;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Executor.Sessions.State;

/// <summary>What a put demands of the stored version.</summary>
/// <param name="Versions">It must be one of these (<c>If-Match</c>); null for any.</param>
/// <param name="MustExist">The session must exist (<c>If-Match: *</c>).</param>
/// <param name="MustBeNew">No state may have been put before (<c>If-None-Match: *</c>).</param>
internal sealed record StateCondition(long[]? Versions, bool MustExist, bool MustBeNew)
{
    public static StateCondition None { get; } = new(null, false, false);

    public static bool TryParse(
        IHeaderDictionary headers,
        [NotNullWhen(true)] out StateCondition? condition,
        [NotNullWhen(false)] out ExecutorProblem? problem)
    {
        (condition, problem) = (null, null);
        var (match, noneMatch) = (headers.IfMatch, headers.IfNoneMatch);
        if (noneMatch.Count > 0 && (match.Count > 0 || noneMatch.ToString() != "*"))
        {
            problem = ExecutorProblems.Invalid("If-None-Match", "'If-None-Match' of a put can only be '*', and without 'If-Match'.");
            return false;
        }

        if (match.ToString() == "*")
        {
            condition = new StateCondition(null, true, false);
            return true;
        }

        IList<EntityTagHeaderValue>? tags = null;
        if (match.Count > 0 && !EntityTagHeaderValue.TryParseStrictList(match, out tags))
        {
            problem = ExecutorProblems.Invalid("If-Match", "'If-Match' must be '*' or versions in double quotes, as the ETag gave them.");
            return false;
        }

        condition = new StateCondition(tags is null ? null : [.. tags.Select(Version).OfType<long>()], false, noneMatch.Count > 0);
        return true;
    }

    /// <summary>The version a tag names; null for a tag that is none of ours, which matches nothing.</summary>
    private static long? Version(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
}
