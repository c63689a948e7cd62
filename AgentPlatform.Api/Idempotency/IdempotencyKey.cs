using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Idempotency;

/// <summary>The header by which a caller says that two requests are one.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaxLength = 255;

    /// <summary>Set on an answer that was delivered before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <param name="key">Null when the caller sent none.</param>
    /// <returns>The problem of a key that is none.</returns>
    public static ProblemHttpResult? Read(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        key = values.Count == 1 ? values.ToString() : "";
        return key.Length is > 0 and <= MaxLength && key.All(character => character is > ' ' and <= '~')
            ? null
            : Problem.Invalid(Header, $"'{Header}' must be one value of 1 to {MaxLength} visible ASCII characters, such as a UUID.");
    }
}
