using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Paging;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Storage;

namespace AgentPlatform.Executor.Sessions;

/// <summary>What callers see of a session and its turns.</summary>
internal static class SessionViews
{
    public static SessionView View(SessionEntity session, Guid? activeRunId) => new()
    {
        SessionId = session.SessionId,
        Turns = session.Turns,
        CreatedAt = session.CreatedAt,
        UpdatedAt = session.UpdatedAt,
        User = session.UserLabel,
        Metadata = LabelFilter.Read(session.Metadata),
        ActiveRunId = activeRunId,
    };

    public static TurnView Turn(RunEntity run) => new()
    {
        Turn = run.Turn ?? 0,
        RunId = run.RunId,
        Status = RunStatusWords.Read(run.Status),
        Agent = run.Agent,
        Question = run.Question,
        Answer = run.Answer,
        Cached = run.CachedFrom is not null,
        Degraded = run.Degraded,
        CreatedAt = run.CreatedAt,
        FinishedAt = run.FinishedAt,
    };
}
