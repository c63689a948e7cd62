namespace AgentPlatform.Api.Mcp.Sessions;

/// <summary>Conversations as resources: <c>session://ID</c> for people and models, <c>session://ID/turns</c> for programs.</summary>
internal static class SessionUri
{
    public const string Template = Scheme + "{" + Variable + "}";
    public const string TurnsTemplate = Template + Turns;
    public const string Variable = "session_id";

    private const string Scheme = "session://";
    private const string Turns = "/turns";

    public static string Of(string sessionId) => Scheme + sessionId;

    /// <returns>False when it is no such URI.</returns>
    public static bool TryParse(string uri, out string sessionId, out bool asJson)
    {
        (sessionId, asJson) = ("", uri.EndsWith(Turns, StringComparison.Ordinal));
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = uri[Scheme.Length..];
        // Who fills a template escapes the colon.
        sessionId = Uri.UnescapeDataString(asJson ? rest[..^Turns.Length] : rest);
        return true;
    }
}
