using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Storage;
using Microsoft.EntityFrameworkCore;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>
/// Pages of runs, newest first. Run ids are UUIDv7, so the order of ids is the order of time, and a page that begins
/// after an id stays exact while new runs arrive.
/// </summary>
internal sealed class RunList(TenantContexts contexts)
{
    public Task<Page<RunSummary>> ListAsync(string tenantId, RunFilter filter, CancellationToken cancellationToken) =>
        contexts.AskAsync(tenantId, database => ListAsync(database, tenantId, filter, cancellationToken));

    private static async Task<Page<RunSummary>> ListAsync(AgentDbContext database, string tenantId, RunFilter filter, CancellationToken cancellationToken)
    {
        // A cached answer inside a session is a turn of the conversation, not work done.
        var runs = OfStatus(database, filter.Status).Where(run => run.TenantId == tenantId && run.CachedFrom == null && !run.Hidden);
        if (filter.Agent is { } agent)
        {
            runs = runs.Where(run => run.Agent == agent);
        }

        if (filter.SessionId is { } sessionId)
        {
            runs = runs.Where(run => run.SessionId == sessionId);
        }

        if (filter.User is { } user)
        {
            runs = runs.Where(run => run.UserLabel == user);
        }

        if (filter.Labels is { } labels)
        {
            runs = runs.Where(run => EF.Functions.JsonContains(run.Metadata!, labels));
        }

        if (filter.After is { } after)
        {
            runs = runs.Where(run => run.RunId < after);
        }

        var rows = await runs.OrderByDescending(run => run.RunId).Take(filter.Limit + 1).ToListAsync(cancellationToken);
        var awaiting = await AwaitingAmongAsync(database, tenantId, rows, cancellationToken);
        return PageCut.At(
            rows,
            filter.Limit,
            run => RunViews.Summary(run, awaiting.Contains(run.RunId) ? RunStatus.AwaitingApproval : RunStatusWords.Read(run.Status)),
            run => run.RunId.ToString());
    }

    private static IQueryable<RunEntity> OfStatus(AgentDbContext database, RunStatus? status)
    {
        switch (status)
        {
            case null:
                return database.Runs.AsNoTracking();
            case RunStatus.AwaitingApproval:
                return AwaitingRuns.In(database);
            case RunStatus.Running:
                var running = RunStatusWords.Word(RunStatus.Running);
                return database.Runs.AsNoTracking().Where(run => run.Status == running
                    && !AwaitingRuns.In(database).Any(waiting => waiting.TenantId == run.TenantId && waiting.RunId == run.RunId));
            case { } other:
                var word = RunStatusWords.Word(other);
                return database.Runs.AsNoTracking().Where(run => run.Status == word);
        }
    }

    private static async Task<HashSet<Guid>> AwaitingAmongAsync(
        AgentDbContext database, string tenantId, List<RunEntity> rows, CancellationToken cancellationToken)
    {
        var open = rows.Where(run => run.FinishedAt is null).Select(run => run.RunId).ToArray();
        return open.Length == 0
            ? []
            : await AwaitingRuns.In(database)
                .Where(run => run.TenantId == tenantId && open.Contains(run.RunId))
                .Select(run => run.RunId)
                .ToHashSetAsync(cancellationToken);
    }
}
