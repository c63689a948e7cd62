using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>One of everything an executor tells, with every member set, at a fixed time.</summary>
internal static class Samples
{
    public static readonly Guid RunId = new("01963c5e-8b2a-7c3d-9e4f-0123456789ab");

    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Dictionary<string, string> Metadata = new() { ["team"] = "support" };
    private static readonly Usage Usage = new(120, 30, 0.0021m, false);

    public static RunSummary Summary { get; } = new()
    {
        RunId = RunId,
        Status = RunStatus.Completed,
        Agent = "default",
        AgentVersion = "v1",
        SessionId = "order-4711",
        Turn = 1,
        Question = "What is 17% of 2340?",
        Answer = "397.8",
        User = "ada",
        Metadata = Metadata,
        CreatedAt = At,
        FinishedAt = At.AddSeconds(2),
    };

    public static RunView Run { get; } = new()
    {
        Run = Summary,
        Iterations = 1,
        Model = "builtin",
        Usage = Usage,
        Limit = "max_iterations",
        Reason = FailureReason.Limit,
        Message = "The run was cut short.",
        Output = JsonElement.Parse("""{"value":397.8}"""),
        Approvals = [new PendingApproval("c2", "send_mail", """{"to":"ada"}""")],
        Events = Steps(),
    };

    public static SessionView Session { get; } = new()
    {
        SessionId = "order-4711",
        Turns = 1,
        CreatedAt = At,
        UpdatedAt = At.AddSeconds(2),
        User = "ada",
        Metadata = Metadata,
        ActiveRunId = RunId,
    };

    public static TurnView Turn { get; } = new()
    {
        Turn = 1,
        RunId = RunId,
        Status = RunStatus.Completed,
        Agent = "default",
        Question = "What is 17% of 2340?",
        Answer = "397.8",
        Degraded = "stale",
        CreatedAt = At,
        FinishedAt = At.AddSeconds(2),
    };

    public static AgentInfo Agent { get; } = new()
    {
        Name = "default",
        Version = "v1",
        Description = "Answers questions.",
        Model = "default",
        ModelSettings = "d1",
        Tools = [new ToolInfo("calculator", "Calculates.", ToolEffect.Pure)],
        ResponseSchema = JsonElement.Parse("""{"type":"object"}"""),
        Limits = new AgentLimits { MaxTotalTokens = 100_000, MaxCostUsd = 0.5m, MaxSeconds = 60 },
        Cache = new AgentCachePolicy(),
    };

    public static RunStanding Standing { get; } = new(RunId, RunStatus.Running);

    public static RunExplanation Explanation { get; } = new()
    {
        RunId = RunId,
        Status = RunStatus.Completed,
        Agent = "default",
        AgentVersion = "v1",
        TotalMs = 1_000,
        Parts = new TimeParts(100, 600, 200, 0, 0, 100),
        Steps =
        [
            new ExplainedStep { Kind = "model", Name = "builtin", Seq = 2, Ms = 600, Attempts = 2, Usage = Usage },
            new ExplainedStep { Kind = "tool", Name = "calculator", Seq = 4, Ms = 200, CallId = "c1", Effect = ToolEffect.Pure, Error = "timeout" },
        ],
        Usage = Usage,
        Limits = [new LimitUse("max_iterations", 9, 10, "near")],
        Cache = new ExplainedCache("effects", "A tool that was called may change the world."),
        Executors = [new Holding("e1", 1, At)],
    };

    public static SessionReport Report { get; } = new()
    {
        SessionId = "order-4711",
        Ok = true,
        Turns = 3,
        Events = 17,
        Findings = [new SessionFinding("unpaired_call", "Call c1 of turn 2 had no result.", true, 2, RunId, "c1")],
    };

    public static ToolListing Tools { get; } = new(
    [
        new ToolView
        {
            Name = "bank__transfer",
            Description = "Moves money.",
            Effect = ToolEffect.Write,
            Source = "mcp:bank",
            Status = ToolStatus.Pending,
            Schema = JsonElement.Parse("{\"type\":\"object\"}"),
            Hash = "9f86d081884c7d65",
        },
        new ToolView { Name = "files__*", Description = "The server is away.", Effect = ToolEffect.Write, Source = "mcp:files", Status = ToolStatus.Unavailable },
    ]);

    public static BudgetStandings Budgets { get; } = new(
    [
        new BudgetStanding
        {
            Scope = BudgetWords.Tenant,
            Window = "month",
            StartsAt = At,
            ResetsAt = At.AddDays(29),
            Runs = new BudgetUse(null, 12, 1),
            Tokens = new BudgetUse(5_000_000, 31_000, 20_000),
            CostUsd = new BudgetUse(20.5m, 0.125m, 0.05m),
        },
        new BudgetStanding
        {
            Scope = BudgetWords.Session,
            SessionId = "order-4711",
            Window = "hour",
            StartsAt = At,
            ResetsAt = At.AddHours(1),
            Runs = new BudgetUse(100, 12, 1),
            Tokens = new BudgetUse(null, 31_000, 20_000),
            CostUsd = new BudgetUse(null, 0.125m, 0.05m),
        },
    ]);

    /// <summary>An executor that knows these.</summary>
    public static void Script(ScriptedExecutor executor)
    {
        executor.OnJson("GET /agents", (AgentInfo[])[Agent], etag: "\"1\"");
        executor.OnJson($"GET /runs/{RunId}", Run);
        executor.OnJson("GET /runs", new Page<RunSummary>([Summary], "bmV4dA"));
        executor.OnJson("GET /sessions", new Page<SessionView>([Session], null));
        executor.OnJson("POST /sessions", Session, status: 201);
        executor.OnJson("GET /sessions/order-4711", Session);
        executor.OnJson("GET /sessions/order-4711/turns", new Page<TurnView>([Turn], null));
        executor.OnJson("GET /sessions/order-4711/state", new SessionState(JsonElement.Parse("""{"cart":["4711"]}"""), 3));
        executor.OnJson("PUT /sessions/order-4711/state", new SessionState(JsonElement.Parse("""{"cart":[]}"""), 4));
        executor.On("DELETE /sessions/order-4711", context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        executor.OnJson($"POST /runs/{RunId}/cancel", Standing with { Status = RunStatus.Cancelled });
        executor.OnJson($"POST /runs/{RunId}/approvals/c2", Standing);
        executor.OnJson($"POST /runs/{RunId}/outcomes/c2", Standing with { Status = RunStatus.OutcomeUnknown });
        executor.OnJson($"GET /runs/{RunId}/explain", Explanation);
        executor.On($"GET /runs/{RunId}/frames", context =>
        {
            var request = new RunRequest { RunId = RunId, TenantId = "local", Agent = "default", Question = "x", Timeout = 1 };
            var frame = new RunFrame { Outcome = Outcome(request) };
            return context.Response.WriteAsync(JsonSerializer.Serialize(frame, WireJson.Options) + "\n", context.RequestAborted);
        });
        executor.OnJson("POST /sessions/order-4711/verify", Report);
        var key = new ApiKeyView(RunId, "nightly report", "ap_0123…", ["run", "read"], Session.CreatedAt, null, null);
        executor.OnJson("GET /keys", new Page<ApiKeyView>([key], null));
        executor.OnJson("POST /keys", new MadeApiKey("ap_0123456789012345678901234567890123456789", key), status: 201);
        executor.OnJson($"DELETE /keys/{RunId}", key with { RevokedAt = Session.CreatedAt });
        executor.OnJson("GET /audit", new Page<AuditEvent>([new(RunId, At, "key:1", AuditActions.KeyCreated, "2", null)], null));
        executor.On("GET /tenant/export", context => context.Response.WriteAsync("{\"type\":\"end\"}\n", context.RequestAborted));
        executor.OnJson("DELETE /tenant", new TenantRemoval(3, ["default"]));
        executor.OnJson("GET /budgets", Budgets);
        executor.OnJson("GET /tools", Tools);
        executor.On("POST /tools/bank__transfer/accept", context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        executor.OnRun(Outcome);
    }

    public static RunOutcome Outcome(RunRequest request) => new()
    {
        RunId = request.RunId,
        Status = RunStatus.Completed,
        Agent = request.Agent,
        AgentVersion = "v1",
        SessionId = request.SessionId,
        Answer = "397.8",
        Iterations = 1,
        Model = "builtin",
        Usage = Usage,
        Cache = new CacheDecision { Storable = false, Decision = "effects" },
    };

    private static RunEvent[] Steps() =>
    [
        new RunStarted { Seq = 1, At = At, Agent = "default", AgentVersion = "v1", Question = "What is 17% of 2340?", SessionId = "order-4711", Turn = 1, TimeoutMs = 30_000, Executor = "e1" },
        new ModelReplied { Seq = 2, At = At, Model = "builtin", Text = "", ToolCalls = [new ToolCall("c1", "calculator", """{"expression":"2340*0.17"}""")], Usage = Usage, DurationMs = 12, FinishReason = "tool_calls" },
        new ToolStarted { Seq = 3, At = At, CallId = "c1", Tool = "calculator", Effect = ToolEffect.Pure },
        new ToolReturned { Seq = 4, At = At, CallId = "c1", Tool = "calculator", Result = "397.8", Error = ToolErrorKind.Timeout, DurationMs = 1 },
        new ApprovalRequested { Seq = 5, At = At, CallId = "c2", Tool = "send_mail", Arguments = "{}", ExpiresAt = At },
        new ApprovalDecided { Seq = 6, At = At, CallId = "c2", Approved = false, Reason = "No.", By = "ada" },
        new RunResumed { Seq = 7, At = At, Epoch = 2, Executor = "e2" },
        new RunFailed { Seq = 8, At = At, Reason = FailureReason.ModelError, Message = "The model failed." },
        new RunTimedOut { Seq = 9, At = At },
        new RunCancelled { Seq = 10, At = At, Cause = "requested" },
        new RunCompleted { Seq = 11, At = At, Answer = "397.8", Output = JsonElement.Parse("""{"value":397.8}"""), Iterations = 1 },
    ];
}
