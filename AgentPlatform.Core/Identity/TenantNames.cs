using System.Text.RegularExpressions;

namespace AgentPlatform.Core.Identity;

/// <summary>Which names a tenant may have; they stand in every key of the database and of the cache.</summary>
public static partial class TenantNames
{
    public const string Rule = "1 to 64 characters of A–Z, a–z, 0–9 and _ . -";

    public static bool IsValid(string? name) => name is not null && Shape().IsMatch(name);

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,64}\\z")]
    private static partial Regex Shape();
}
