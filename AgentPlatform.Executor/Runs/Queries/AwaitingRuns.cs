using AgentPlatform.Executor.Storage;
using Microsoft.EntityFrameworkCore;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>
/// Open runs that wait for a person. The row of a run is written at its start and its end only, so that it waits is
/// known from its events; open runs are few, whatever the number of runs.
/// </summary>
internal static class AwaitingRuns
{
    public static IQueryable<RunEntity> In(AgentDbContext database) => database.Runs.FromSql(
        $"""
        SELECT run.* FROM runs AS run
        WHERE run.finished_at IS NULL AND 0 < (
            SELECT count(*) FILTER (WHERE event ->> 'type' = 'approval_requested')
                 - count(*) FILTER (WHERE event ->> 'type' = 'approval_decided')
            FROM run_events AS append, jsonb_array_elements(append.events) AS event
            WHERE append.tenant_id = run.tenant_id AND append.run_id = run.run_id)
        """).AsNoTracking();
}
