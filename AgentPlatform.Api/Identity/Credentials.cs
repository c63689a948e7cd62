using AgentPlatform.Core.Identity;

namespace AgentPlatform.Api.Identity;

/// <summary>What a request presents: <c>Authorization: Bearer …</c> or <c>x-api-key</c>.</summary>
internal static class Credentials
{
    public const string KeyHeader = "x-api-key";

    private const string Bearer = "Bearer ";

    /// <summary>Nobody has longer ones; anything longer is not looked at.</summary>
    private const int Longest = 16 * 1024;

    /// <summary>The one text that is presented; of two the one that is our key.</summary>
    /// <returns>Null for none, and for two keys of ours that differ: nobody can say whose request that is.</returns>
    public static string? Of(HttpRequest request, out bool areTwo)
    {
        var bearer = BearerOf(request);
        var key = request.Headers[KeyHeader] is [{ Length: > 0 and <= Longest } single] ? single.Trim() : null;
        areTwo = request.Headers.Authorization.Count > 1 || request.Headers[KeyHeader].Count > 1
            || (bearer is not null && key is not null && bearer != key && ApiKeyText.IsOurs(bearer) && ApiKeyText.IsOurs(key));
        return areTwo ? null
            : bearer is null || (key is not null && ApiKeyText.IsOurs(key)) ? key ?? bearer
            : bearer;
    }

    /// <summary>Three parts, the first of them a JSON object in Base64: whoever sends that means to be known by it.</summary>
    public static bool LooksLikeJwt(string text) =>
        text.StartsWith("ey", StringComparison.Ordinal) && text.AsSpan().Count('.') == 2;

    private static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization is [{ Length: <= Longest } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? value[Bearer.Length..].Trim() is { Length: > 0 } token ? token : null
            : null;
}
