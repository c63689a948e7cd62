using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;

namespace AgentPlatform.Tests.Executor.Journal;

/// <summary>Appends as a run makes them.</summary>
internal static class Appends
{
    public const string Tenant = "t1";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public static JournalAppend Start(
        Guid? run = null, string? session = null, int? turn = null, string question = "What is 2 + 2?", Guid? owner = null) => new()
        {
            TenantId = Tenant,
            RunId = run ?? NewId(),
            FirstSeq = 1,
            Epoch = 1,
            AppendId = NewId(),
            Events = Json(new RunStarted
            {
                Seq = 1,
                At = Now,
                Agent = "default",
                AgentVersion = "v1",
                Question = question,
                SessionId = session,
                Turn = turn,
                Executor = "e1",
            }),
            Start = new RunStart
            {
                SessionId = session,
                Turn = turn,
                Agent = "default",
                AgentVersion = "v1",
                Question = question,
                User = "ada",
                Metadata = """{"team":"blue"}""",
                Owner = owner ?? NewId(),
                CreatedAt = Now,
            },
        };

    public static JournalAppend Step(Guid run, long seq, long epoch = 1, string result = "4") => new()
    {
        TenantId = Tenant,
        RunId = run,
        FirstSeq = seq,
        Epoch = epoch,
        AppendId = NewId(),
        Events = Json(new ToolReturned { Seq = seq, At = Now, CallId = $"c{seq}", Tool = "calculator", Result = result }),
    };

    public static JournalAppend End(Guid run, long seq, long epoch = 1) => new()
    {
        TenantId = Tenant,
        RunId = run,
        FirstSeq = seq,
        Epoch = epoch,
        AppendId = NewId(),
        Events = Json(new RunCompleted { Seq = seq, At = Now, Answer = "4", Iterations = 1 }),
        End = Ended(),
    };

    public static RunEnd Ended() => new()
    {
        Status = "completed",
        Answer = "4",
        Model = "builtin",
        Iterations = 1,
        InputTokens = 10,
        OutputTokens = 2,
        CostUsd = 0.000125m,
        FinishedAt = Now,
    };

    public static string Json(params RunEvent[] events) => JsonSerializer.Serialize(events, WireJson.Options);
}
