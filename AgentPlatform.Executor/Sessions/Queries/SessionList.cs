using System.Globalization;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Storage;
using Microsoft.EntityFrameworkCore;

namespace AgentPlatform.Executor.Sessions.Queries;

/// <summary>
/// Sessions by last change, newest first, and a session's turns, newest first. A session that changes while somebody pages
/// moves to the front, hence out of the pages still to come.
/// </summary>
internal sealed class SessionList(TenantContexts contexts)
{
    public Task<SessionView?> FindAsync(string tenantId, string sessionId, CancellationToken cancellationToken) =>
        contexts.AskAsync(tenantId, database => FindAsync(database, tenantId, sessionId, cancellationToken));

    public Task<Page<SessionView>> ListAsync(string tenantId, SessionFilter filter, CancellationToken cancellationToken) =>
        contexts.AskAsync(tenantId, database => ListAsync(database, tenantId, filter, cancellationToken));

    /// <param name="before">Only turns before this one; null for the newest.</param>
    /// <returns>Null when there is no such session.</returns>
    public Task<Page<TurnView>?> TurnsAsync(string tenantId, string sessionId, int? before, int limit, CancellationToken cancellationToken) =>
        contexts.AskAsync(tenantId, database => TurnsAsync(database, tenantId, sessionId, before, limit, cancellationToken));

    private static async Task<SessionView?> FindAsync(AgentDbContext database, string tenantId, string sessionId, CancellationToken cancellationToken)
    {
        var session = await database.Sessions.AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.SessionId == sessionId, cancellationToken);
        if (session is null)
        {
            return null;
        }

        var active = await ActiveRunsAsync(database, tenantId, [session], cancellationToken);
        return View(session, active);
    }

    private static async Task<Page<SessionView>> ListAsync(AgentDbContext database, string tenantId, SessionFilter filter, CancellationToken cancellationToken)
    {
        var sessions = database.Sessions.AsNoTracking().Where(session => session.TenantId == tenantId);
        if (filter.User is { } user)
        {
            sessions = sessions.Where(session => session.UserLabel == user);
        }

        if (filter.Labels is { } labels)
        {
            sessions = sessions.Where(session => EF.Functions.JsonContains(session.Metadata!, labels));
        }

        if (filter.After is { } after)
        {
            sessions = sessions.Where(session => EF.Functions.LessThan(
                ValueTuple.Create(session.UpdatedAt, session.SessionId),
                ValueTuple.Create(after.UpdatedAt, after.SessionId)));
        }

        var rows = await sessions
            .OrderByDescending(session => session.UpdatedAt).ThenByDescending(session => session.SessionId)
            .Take(filter.Limit + 1)
            .ToListAsync(cancellationToken);
        var active = await ActiveRunsAsync(database, tenantId, rows, cancellationToken);
        return PageCut.At(
            rows,
            filter.Limit,
            session => View(session, active),
            session => new SessionKey(session.UpdatedAt, session.SessionId).ToString());
    }

    private static async Task<Page<TurnView>?> TurnsAsync(
        AgentDbContext database, string tenantId, string sessionId, int? before, int limit, CancellationToken cancellationToken)
    {
        var bound = before ?? int.MaxValue;
        var rows = await database.Runs.AsNoTracking()
            .Where(run => run.TenantId == tenantId && run.SessionId == sessionId && run.Turn < bound)
            .OrderByDescending(run => run.Turn)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        if (rows.Count == 0 && !await ExistsAsync(database, tenantId, sessionId, cancellationToken))
        {
            return null;
        }

        return PageCut.At(rows, limit, SessionViews.Turn, run => string.Create(CultureInfo.InvariantCulture, $"{run.Turn}"));
    }

    private static SessionView View(SessionEntity session, Dictionary<string, Guid> active) =>
        SessionViews.View(session, active.TryGetValue(session.SessionId, out var runId) ? runId : null);

    private static Task<bool> ExistsAsync(AgentDbContext database, string tenantId, string sessionId, CancellationToken cancellationToken) =>
        database.Sessions.AnyAsync(session => session.TenantId == tenantId && session.SessionId == sessionId, cancellationToken);

    private static async Task<Dictionary<string, Guid>> ActiveRunsAsync(
        AgentDbContext database, string tenantId, IEnumerable<SessionEntity> sessions, CancellationToken cancellationToken)
    {
        var ids = sessions.Select(session => session.SessionId).ToArray();
        var open = await database.Runs
            .Where(run => run.TenantId == tenantId && run.FinishedAt == null && ids.Contains(run.SessionId))
            .Select(run => new { run.SessionId, run.RunId, run.Turn })
            .ToListAsync(cancellationToken);
        return open.GroupBy(run => run.SessionId!).ToDictionary(
            group => group.Key,
            group => group.MinBy(run => run.Turn)!.RunId,
            StringComparer.Ordinal);
    }
}
