using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Storage;

namespace AgentPlatform.Tests.Executor.Queries;

/// <summary>Rows as the journal leaves them.</summary>
internal static class Rows
{
    public static DateTimeOffset Noon { get; } = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A tenant no other test knows.</summary>
    public static string NewTenant() => $"tenant-{Guid.CreateVersion7()}";

    public static Guid Id(int n) => Guid.CreateVersion7(Noon.AddSeconds(n));

    public static SessionEntity Session(string tenant, string sessionId, int turns = 0, DateTimeOffset? updatedAt = null) => new()
    {
        TenantId = tenant,
        SessionId = sessionId,
        Turns = turns,
        CreatedAt = Noon,
        UpdatedAt = updatedAt ?? Noon,
    };

    public static RunEntity Run(string tenant, Guid runId, RunStatus status = RunStatus.Completed, string agent = "default") => new()
    {
        TenantId = tenant,
        RunId = runId,
        Agent = agent,
        AgentVersion = "v1",
        Status = RunStatusWords.Word(status),
        Question = "What?",
        Answer = status == RunStatus.Completed ? "That." : null,
        Epoch = 1,
        CreatedAt = Noon,
        FinishedAt = status.IsTerminal() ? Noon.AddSeconds(2) : null,
    };

    public static RunEntity Turn(string tenant, string sessionId, int turn, RunStatus status = RunStatus.Completed)
    {
        var run = Run(tenant, Id(turn), status);
        run.SessionId = sessionId;
        run.Turn = turn;
        run.Question = $"Question {turn}";
        run.Answer = status == RunStatus.Completed ? $"Answer {turn}" : null;
        return run;
    }

    /// <summary>One append with all these events, numbered from <paramref name="firstSeq"/>.</summary>
    public static RunEventsEntity Append(RunEntity run, long firstSeq, params IEnumerable<RunEvent> events)
    {
        RunEvent[] numbered = [.. events.Select((next, i) => next with { Seq = firstSeq + i, At = Noon.AddSeconds(firstSeq + i) })];
        return new RunEventsEntity
        {
            TenantId = run.TenantId,
            RunId = run.RunId,
            FirstSeq = firstSeq,
            Epoch = 1,
            AppendId = Guid.CreateVersion7(),
            Events = JsonSerializer.Serialize(numbered, WireJson.Options),
        };
    }
}
