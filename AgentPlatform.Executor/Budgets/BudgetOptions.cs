using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Budgets;

/// <summary>Section <c>Budgets</c>: what tenants and sessions may use within a window. Without one of the budgets nothing is counted.</summary>
internal sealed class BudgetOptions
{
    public const string Section = "Budgets";

    /// <summary>Of every tenant that has none of its own in <see cref="Tenants"/>.</summary>
    public BudgetLimits? Tenant { get; set; }

    /// <summary>By name, in place of <see cref="Tenant"/>.</summary>
    public Dictionary<string, BudgetLimits> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Of every session, beside its tenant's.</summary>
    public BudgetLimits? Session { get; set; }

    /// <summary>Tokens set aside for a run whose agent has no <c>max_total_tokens</c>; the run stops there.</summary>
    [Range(1, 1_000_000_000)]
    public long ReserveTokens { get; set; } = 20_000;

    /// <summary>How often what was left behind is looked for: reservations of runs that ended, or never began, with their executor.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After that a run that has not begun gives back what it reserved. Longer than a start takes; one that begins later still is counted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReturnAfter { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>What may be used within one window; what is not set is not limited.</summary>
internal sealed class BudgetLimits
{
    public long? Runs { get; set; }

    /// <summary>Input and output tokens.</summary>
    public long? Tokens { get; set; }

    public decimal? CostUsd { get; set; }

    /// <summary><c>Hour</c>, <c>Day</c>, <c>Month</c> or a time span; see <see cref="BudgetWindow"/>.</summary>
    public string Window { get; set; } = "Day";

    /// <summary>No budget at all: takes one tenant out of the budget for every tenant.</summary>
    public bool Unlimited { get; set; }
}
