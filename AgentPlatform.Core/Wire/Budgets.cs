namespace AgentPlatform.Core.Wire;

/// <summary>Words of budgets: in problems, in views and as labels of metrics.</summary>
public static class BudgetWords
{
    public const string Tenant = "tenant";
    public const string Session = "session";

    public const string Runs = "runs";
    public const string Tokens = "tokens";
    public const string CostUsd = "cost_usd";
}

/// <summary>The budget that does not allow another run now: member <c>budget</c> of a 429.</summary>
public sealed record BudgetExceeded
{
    /// <summary><c>tenant</c> or <c>session</c>.</summary>
    public required string Scope { get; init; }

    /// <summary><c>runs</c>, <c>tokens</c> or <c>cost_usd</c>: what the numbers count.</summary>
    public required string Unit { get; init; }

    public required decimal Limit { get; init; }

    /// <summary>By runs that have ended.</summary>
    public required decimal Used { get; init; }

    /// <summary>Set aside for runs under way; what they do not use comes back.</summary>
    public required decimal Reserved { get; init; }

    /// <summary>What the refused run would set aside.</summary>
    public required decimal Asked { get; init; }

    public required DateTimeOffset ResetsAt { get; init; }

    /// <summary>Whole seconds until then.</summary>
    public required long ResetsIn { get; init; }
}

/// <summary>The budgets that apply, and how they stand.</summary>
public sealed record BudgetStandings(IReadOnlyList<BudgetStanding> Budgets);

/// <summary>How one budget stands in its present window.</summary>
public sealed record BudgetStanding
{
    /// <summary><c>tenant</c> or <c>session</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The session of a session's budget.</summary>
    public string? SessionId { get; init; }

    /// <summary><c>hour</c>, <c>day</c>, <c>month</c> or a time span.</summary>
    public required string Window { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset ResetsAt { get; init; }

    public required BudgetUse Runs { get; init; }

    public required BudgetUse Tokens { get; init; }

    public required BudgetUse CostUsd { get; init; }
}

/// <summary>One amount of a budget.</summary>
/// <param name="Limit">Null where nothing limits it.</param>
/// <param name="Used">By runs that have ended.</param>
/// <param name="Reserved">Set aside for runs under way.</param>
public sealed record BudgetUse(decimal? Limit, decimal Used, decimal Reserved);
