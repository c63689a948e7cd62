using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Input;

/// <summary>Rules that several endpoints share. Each gives the problem to answer with, or null for a good value.</summary>
internal static partial class Checks
{
    public const string SessionIdPattern = "^[A-Za-z0-9_.:-]{1,128}$";
    public const string LabelKeyPattern = "^[A-Za-z0-9_.-]{1,64}$";
    public const int MaxUser = 128;
    public const int MaxLabels = 16;
    public const int MaxLabelValue = 512;
    public const int MaxRemark = 2000;
    public const int MaxCallId = 256;

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(character => char.IsControl(character) && character is not ('\t' or '\n' or '\r'))]);

    public static ProblemHttpResult? SessionId(string? sessionId) => sessionId is null || SessionIdRegex().IsMatch(sessionId)
        ? null
        : Problem.Invalid("session_id", "'session_id' must be 1 to 128 characters of A–Z, a–z, 0–9 and _ . : - only. Choose such an id.");

    public static bool TryRunId(string text, out Guid id, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        problem = Guid.TryParseExact(text, "D", out id)
            ? null
            : Problem.Invalid("run_id", "'run_id' must be the id of a run as an answer gave it, such as 01963c5e-8b2a-7c3d-9e4f-0123456789ab.");
        return problem is null;
    }

    public static bool TryKeyId(string text, out Guid id, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        problem = Guid.TryParseExact(text, "D", out id)
            ? null
            : Problem.Invalid("key_id", "'key_id' must be the id of a key as GET /keys shows it, such as 01963c5e-8b2a-7c3d-9e4f-0123456789ab.");
        return problem is null;
    }

    public static ProblemHttpResult? CallId(string callId) => callId.Length is > 0 and <= MaxCallId && !HasControl(callId)
        ? null
        : Problem.Invalid("call_id", $"'call_id' must be the id of a call as the run gave it: up to {MaxCallId} characters, none of them a control character.");

    /// <summary>A person's words on something.</summary>
    public static ProblemHttpResult? Remark(string field, string? text) => text is not null && CodePoints.Count(text) > MaxRemark
        ? Problem.Invalid(field, $"'{field}' is longer than {MaxRemark} characters. Shorten it.")
        : Text(field, text);

    /// <summary>What a person writes: of the control characters it may hold tabs and line ends, which matter in code. Terminals would obey the others.</summary>
    public static ProblemHttpResult? Text(string field, string? text)
    {
        var at = text.AsSpan().IndexOfAny(Controls);
        return at < 0 ? null : Problem.Invalid(field, $"'{field}' holds the control character U+{(int)text![at]:X4}. Remove it.");
    }

    /// <summary>Neither the journal nor a model can hold U+0000.</summary>
    public static ProblemHttpResult? Storable(string field, string? text) => text?.Contains('\0') is true
        ? Problem.Invalid(field, $"'{field}' holds the character U+0000. Remove it.")
        : null;

    public static ProblemHttpResult? User(string? user) => user is null ? null
        : user.Length == 0 ? Problem.Invalid("user", "'user' must not be empty. Leave it out when there is no such person.")
        : CodePoints.Count(user) > MaxUser ? Problem.Invalid("user", $"'user' is longer than {MaxUser} characters. Shorten it.")
        : HasControl(user) ? Problem.Invalid("user", "'user' holds a control character. Remove it.")
        : null;

    public static ProblemHttpResult? Metadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        if (metadata.Count > MaxLabels)
        {
            return Problem.Invalid("metadata", $"'metadata' has {metadata.Count} entries. At most {MaxLabels} are kept.");
        }

        return metadata.Select(label => Label(label.Key, label.Value)).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>One entry of <c>metadata</c>, or one filter on it.</summary>
    public static ProblemHttpResult? Label(string key, string? value)
    {
        if (!LabelKeyRegex().IsMatch(key))
        {
            return Problem.Invalid("metadata", $"The key '{Words.Short(key)}' in 'metadata' must be 1 to 64 characters of A–Z, a–z, 0–9 and _ . - only.");
        }

        return value is null ? Problem.Invalid("metadata", $"'metadata.{key}' must be a text, not null. Leave the key out instead.")
            : CodePoints.Count(value) > MaxLabelValue ? Problem.Invalid("metadata", $"'metadata.{key}' is longer than {MaxLabelValue} characters. Shorten it.")
            : HasControl(value) ? Problem.Invalid("metadata", $"'metadata.{key}' holds a control character. Remove it.")
            : null;
    }

    /// <summary>Whether this could be the name of an agent.</summary>
    public static bool IsName(string name) => LabelKeyRegex().IsMatch(name);

    private static bool HasControl(string text) => text.Any(char.IsControl);

    // \z and not $: the latter would let a line feed pass at the end.
    [GeneratedRegex(@"^[A-Za-z0-9_.:-]{1,128}\z")]
    private static partial Regex SessionIdRegex();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,64}\z")]
    private static partial Regex LabelKeyRegex();
}
