using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Storage;
using Microsoft.EntityFrameworkCore;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>One run with its journal, read in one statement so that row and events belong to the same moment.</summary>
internal sealed class RunLookup(AgentDbContext database)
{
    public async Task<RunView?> FindAsync(string tenantId, Guid runId, CancellationToken cancellationToken)
    {
        var found = await database.Runs.AsNoTracking()
            .Where(run => run.TenantId == tenantId && run.RunId == runId)
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
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : RunViews.View(found.Run, [.. found.Appends.SelectMany(Read)]);
    }

    private static List<RunEvent> Read(string append) =>
        JsonSerializer.Deserialize<List<RunEvent>>(append, WireJson.Options) ?? [];
}
