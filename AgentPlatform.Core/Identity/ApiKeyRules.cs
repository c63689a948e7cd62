using AgentPlatform.Core.Wire;

namespace AgentPlatform.Core.Identity;

/// <summary>What a new key must be like, for whoever asks for one.</summary>
public static class ApiKeyRules
{
    public const int LongestName = 100;

    /// <summary>The first thing that is wrong with it, and the field at fault; null when it may be made.</summary>
    public static (string Field, string Detail)? Broken(NewApiKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (string.IsNullOrWhiteSpace(key.Name) || key.Name.Length > LongestName || key.Name.Any(char.IsControl))
        {
            return ("name", $"'name' must say whose key it is, in 1 to {LongestName} characters without control characters.");
        }

        if (key.Scopes is not { Count: > 0 } || key.Scopes.Distinct().Count() != key.Scopes.Count || key.Scopes.Any(scope => !Scopes.All.Contains(scope)))
        {
            return ("scopes", $"'scopes' must name what the key may do, each once: {string.Join(", ", Scopes.All)}.");
        }

        return key.ExpiresAt <= now ? ("expires_at", "'expires_at' must lie in the future; leave it out for a key that lives until it is revoked.") : null;
    }
}
