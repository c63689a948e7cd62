using System.Globalization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Budgets;

/// <summary>A budget that was exceeded, for people.</summary>
internal static class BudgetSentence
{
    public static string Of(BudgetExceeded exceeded) => string.Create(
        CultureInfo.InvariantCulture,
        $"The {exceeded.Scope}'s budget of {Amount(exceeded.Limit, exceeded.Unit)} does not allow another run: {Number(exceeded.Used)} used, {Number(exceeded.Reserved)} set aside for runs under way, and this one asks for {Number(exceeded.Asked)}. It begins anew at {exceeded.ResetsAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}.");

    private static string Amount(decimal number, string unit) => unit switch
    {
        BudgetWords.CostUsd => $"{Number(number)} US dollars",
        _ => $"{Number(number)} {unit}",
    };

    private static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
