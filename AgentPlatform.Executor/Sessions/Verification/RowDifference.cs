using AgentPlatform.Executor.Journal;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>Where the row of an ended run says something else than its journal.</summary>
internal static class RowDifference
{
    /// <summary>The row keeps microseconds.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    /// <returns>Names of columns.</returns>
    public static IReadOnlyList<string> Between(StoredTurn row, RunEnd end) => [.. Columns(row, end)];

    private static IEnumerable<string> Columns(StoredTurn row, RunEnd end)
    {
        if (row.Status != end.Status)
        {
            yield return "status";
        }

        // What the ladder told the person is the turn's answer, whatever the run found.
        if (!row.IsDegraded && row.Answer != end.Answer)
        {
            yield return "answer";
        }

        if ((row.InputTokens, row.OutputTokens) != (end.InputTokens, end.OutputTokens))
        {
            yield return "tokens";
        }

        if (row.Iterations != end.Iterations)
        {
            yield return "iterations";
        }

        if (row.CostUsd != end.CostUsd)
        {
            yield return "cost_usd";
        }

        if (row.Model != end.Model)
        {
            yield return "model";
        }

        if (row.FinishedAt is not { } finishedAt || (finishedAt - end.FinishedAt).Duration() > Rounding)
        {
            yield return "finished_at";
        }
    }
}
