using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Budgets;

/// <summary>Everything that is wrong with the section, at once.</summary>
internal sealed class BudgetOptionsValidator : IValidateOptions<BudgetOptions>
{
    public ValidateOptionsResult Validate(string? name, BudgetOptions options)
    {
        var errors = new List<string>();
        Check(nameof(BudgetOptions.Tenant), options.Tenant, errors);
        Check(nameof(BudgetOptions.Session), options.Session, errors);
        foreach (var (tenant, limits) in options.Tenants)
        {
            Check($"{nameof(BudgetOptions.Tenants)}:{tenant}", limits, errors);
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static void Check(string key, BudgetLimits? limits, List<string> errors)
    {
        if (limits is null)
        {
            return;
        }

        var place = $"{BudgetOptions.Section}:{key}";
        var limited = limits is not { Runs: null, Tokens: null, CostUsd: null };
        if (limits.Unlimited == limited)
        {
            errors.Add(limited
                ? $"{place}: Unlimited goes with none of Runs, Tokens and CostUsd: remove one or the other."
                : $"{place} limits nothing: give it Runs, Tokens or CostUsd, or Unlimited = true.");
        }

        if (limits.Runs < 0)
        {
            errors.Add($"{place}:Runs must be 0 or more.");
        }

        if (limits.Tokens < 1)
        {
            errors.Add($"{place}:Tokens must be 1 or more.");
        }

        if (limits.CostUsd <= 0)
        {
            errors.Add($"{place}:CostUsd must be more than 0.");
        }

        if (BudgetWindow.Parse(limits.Window) is null)
        {
            errors.Add($"{place}:Window '{limits.Window}' must be Hour, Day, Month, or a time span of whole seconds up to 366 days such as 06:00:00.");
        }
    }
}
