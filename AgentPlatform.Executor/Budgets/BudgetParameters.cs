using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Budgets;

/// <summary>Parameters as <see cref="BudgetStatements"/> number them.</summary>
internal static class BudgetParameters
{
    /// <summary>$1 to $6: whose budgets, their windows and limits.</summary>
    public static void AddBudgets(this NpgsqlParameterCollection parameters, string tenantId, IReadOnlyList<Budget> budgets)
    {
        parameters.AddValue(tenantId);
        Add(NpgsqlDbType.Text, budget => budget.SessionId);
        Add(NpgsqlDbType.Bigint, budget => budget.Window.Seconds);
        Add(NpgsqlDbType.Bigint, budget => budget.Runs);
        Add(NpgsqlDbType.Bigint, budget => budget.Tokens);
        Add(NpgsqlDbType.Numeric, budget => budget.CostUsd);

        void Add<T>(NpgsqlDbType type, Func<Budget, T> value) => parameters.Add(
            new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. budgets.Select(value)] });
    }

    public static void AddValue<T>(this NpgsqlParameterCollection parameters, T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
