namespace AgentPlatform.Core.Identity;

/// <summary>What a caller may do. Each word stands for itself: none includes another.</summary>
public static class Scopes
{
    /// <summary>Ask, cancel, and keep sessions.</summary>
    public const string Run = "run";

    /// <summary>Look at runs, sessions, agents and budgets.</summary>
    public const string Read = "read";

    /// <summary>Decide on calls that wait for a person, and record outcomes.</summary>
    public const string Approve = "approve";

    /// <summary>Keys, the cache, and repairs.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Run, Read, Approve, Admin];
}
