using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs.Outcomes;
using AgentPlatform.Executor.Storage;
using Microsoft.EntityFrameworkCore;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>One run with its journal, read in one statement so that row and events belong to the same moment.</summary>
internal sealed class RunLookup(TenantContexts contexts, ToolOutcomes outcomes)
{
    private static readonly string Cancelled = RunStatusWords.Word(RunStatus.Cancelled);

    public async Task<RunView?> FindAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        if (await LoadAsync(tenantId, runId, cancellationToken) is not { } run)
        {
            return null;
        }

        var state = FoldedRun.Of(run.Events).State;
        var recorded = state.Calls.Any(call => OpenOutcome.Is(call, state)) ? await outcomes.ReadAsync(tenantId, [runId], cancellationToken) : [];
        return RunViews.View(run, recorded);
    }

    /// <summary>The newest run of the same request that began a short while ago.</summary>
    /// <param name="hash">SHA-256 of the request.</param>
    public Task<Guid?> FindRepeatedAsync(string tenantId, byte[] hash, DateTimeOffset since, CancellationToken cancellationToken) =>
        contexts.AskAsync(tenantId, database => database.Runs.AsNoTracking()
            .Where(run => run.TenantId == tenantId && run.RequestHash == hash && run.CreatedAt > since && run.Status != Cancelled)
            .OrderByDescending(run => run.CreatedAt)
            .Select(run => (Guid?)run.RunId)
            .FirstOrDefaultAsync(cancellationToken));

    /// <summary>As stored.</summary>
    public async Task<JournaledRun?> LoadAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        var found = await contexts.AskAsync(tenantId, database => database.Runs.AsNoTracking()
            .Where(run => run.TenantId == tenantId && run.RunId == runId && !run.Hidden)
            .Select(run => new
            {
                Run = run,
                Appends = database.RunEvents
                    .Where(append => append.TenantId == run.TenantId && append.RunId == run.RunId)
                    .OrderBy(append => append.FirstSeq)
                    .Select(append => append.Events)
                    .ToList(),
            })
            .AsSingleQuery()
            .SingleOrDefaultAsync(cancellationToken));
        return found is null ? null : new JournaledRun(found.Run, FoldedRun.Read(found.Appends));
    }
}

/// <summary>A run's row and its events, of one moment.</summary>
internal sealed record JournaledRun(RunEntity Row, IReadOnlyList<RunEvent> Events);
