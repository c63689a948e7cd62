using System.Diagnostics.CodeAnalysis;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>Which runs a list is asked for; a null member does not filter.</summary>
internal sealed record RunFilter
{
    public RunStatus? Status { get; init; }

    public string? Agent { get; init; }

    public string? SessionId { get; init; }

    public string? User { get; init; }

    /// <summary>JSON object the run's labels must contain.</summary>
    public string? Labels { get; init; }

    /// <summary>The run after which the page begins.</summary>
    public Guid? After { get; init; }

    public required int Limit { get; init; }

    public static bool TryParse(
        IQueryCollection query,
        [NotNullWhen(true)] out RunFilter? filter,
        [NotNullWhen(false)] out ExecutorProblem? problem)
    {
        filter = null;
        if (!PageRequest.TryParse(query, out var page, out problem) || !LabelFilter.TryParse(query, out var labels, out problem))
        {
            return false;
        }

        var after = Guid.Empty;
        if (page.After is not null && !Guid.TryParse(page.After, out after))
        {
            problem = PageRequest.BadCursor;
            return false;
        }

        var status = default(RunStatus);
        if (query.TryGetValue("status", out var word) && !RunStatusWords.TryRead(word.ToString(), out status))
        {
            problem = ExecutorProblems.Invalid("status", $"'status' must be one of: {RunStatusWords.All}.");
            return false;
        }

        filter = new RunFilter
        {
            Status = query.ContainsKey("status") ? status : null,
            Agent = query["agent"],
            SessionId = query["session_id"],
            User = query["user"],
            Labels = labels,
            After = page.After is null ? null : after,
            Limit = page.Limit,
        };
        return true;
    }
}
