using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Sessions;

/// <summary>Names of sessions: chosen by callers within bounds, else UUIDv7.</summary>
internal static partial class SessionIds
{
    public const string Rule = "A session id has 1 to 128 characters of A-Z, a-z, 0-9, '_', '.', ':' and '-'.";

    public static string New(TimeProvider timeProvider) => Guid.CreateVersion7(timeProvider.GetUtcNow()).ToString();

    public static bool IsValid(string sessionId) => Pattern().IsMatch(sessionId);

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,128}\z")]
    private static partial Regex Pattern();
}
