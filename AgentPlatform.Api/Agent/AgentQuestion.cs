using System.Text.Json;
using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>A question of a known caller after validation: everything the run path needs.</summary>
internal sealed record AgentQuestion
{
    /// <summary>Decided from the principal, never from the body.</summary>
    public required string TenantId { get; init; }

    public required string Question { get; init; }

    public string? SessionId { get; init; }

    /// <summary>Seconds, 0.1–600.</summary>
    public double Timeout { get; init; } = 30.0;

    public string Agent { get; init; } = "default";

    /// <summary>The caller wants a problem instead of a degraded answer.</summary>
    public bool Strict { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? User { get; init; }

    /// <summary>False for <c>Cache-Control: no-cache</c> or <c>no-store</c>.</summary>
    public bool CacheRead { get; init; } = true;

    /// <summary>False for <c>Cache-Control: no-store</c>.</summary>
    public bool CacheWrite { get; init; } = true;

    /// <summary>How old a cached answer may be; null for no bound.</summary>
    public TimeSpan? CacheMaxAge { get; init; }

    /// <summary>A cached answer or none: nothing is started.</summary>
    public bool CacheOnly { get; init; }

    /// <summary><c>zh</c> or <c>en</c>, from <c>Accept-Language</c>: the language of the default text.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The run this question stands for, when an idempotency key fixed it or the caller may want to stop it; null: one is made.</summary>
    public Guid? RunId { get; init; }

    /// <summary>The question came before under the same key: its run may exist.</summary>
    public bool MayExist { get; init; }

    /// <summary>How long the caller has waited already: the time of an answer runs from when he asked.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>What the caller brings besides the question; null for a question that stands alone.</summary>
    public CallerContext? Context { get; init; }

    /// <summary>By which a repetition of the request finds its run; null where none can come.</summary>
    public string? RequestHash { get; init; }

    /// <summary>The run whose turn must be the session's last when this one's begins; null for wherever the session stands.</summary>
    public Guid? After { get; init; }

    /// <summary>What the run's journal shall hold of the request, for those who tell of the run in another dialect.</summary>
    public JsonElement? Echo { get; init; }

    /// <summary>How the session shall label what the ladder told instead of the run, given with what the run had cost by then.</summary>
    public Func<LadderAnswer, FailureReason, Usage, JsonElement>? Label { get; init; }

    /// <summary>Somebody follows from the first word on: the model is asked to stream before they are there.</summary>
    public bool Watch { get; init; }

    /// <summary>Faults to make on the way; null for every question but a developer's.</summary>
    public FaultPlan? Faults { get; init; }

    public static AgentQuestion Of(QuestionBody body, HttpContext context)
    {
        var preferences = CallerPreferences.Of(context.Request);
        // A run that nobody waits for is no question to the cache.
        var cacheOnly = preferences.CacheOnly && body is AskBody;
        return new AgentQuestion
        {
            TenantId = Tenant.Of(context),
            Question = body.Question!,
            SessionId = body.SessionId,
            Timeout = TimeLeft(body, context),
            Agent = body.Agent ?? QuestionBody.DefaultAgent,
            // No rung of the ladder is a cached answer as it was asked for.
            Strict = cacheOnly || body is AskBody { Strict: true },
            Metadata = body.Metadata,
            User = body.User,
            CacheRead = preferences.CacheRead,
            CacheWrite = preferences.CacheWrite,
            CacheMaxAge = preferences.CacheMaxAge,
            CacheOnly = cacheOnly,
            Language = preferences.Language,
        };
    }

    /// <summary>Whoever waits for the answer has waited in the queue too.</summary>
    private static double TimeLeft(QuestionBody body, HttpContext context)
    {
        var timeout = body.Timeout ?? QuestionBody.DefaultTimeout;
        return body is AskBody ? Math.Max(QuestionBody.MinTimeout, timeout - AdmissionControl.Waited(context).TotalSeconds) : timeout;
    }

    /// <summary>The same question, to go wrong: its answer is kept nowhere and comes from nowhere but the ladder's stale rung.</summary>
    public AgentQuestion Under(FaultPlan? faults) => faults is null ? this : this with { Faults = faults, CacheWrite = false };

    /// <summary>Makes the faults of this question in this process, where a model call is one of the ladder.</summary>
    public ActiveFaults? BeginFaults() => Faults is null ? null : new ActiveFaults(Faults.Faults, FaultPoint.Direct);

    /// <summary>The body for the executor.</summary>
    public RunRequest ToRequest(Guid runId, double timeout, bool attach) => new()
    {
        RunId = runId,
        TenantId = TenantId,
        Agent = Agent,
        Question = Question,
        Timeout = timeout,
        SessionId = SessionId,
        User = User,
        Metadata = Metadata,
        Attach = attach,
        CacheRead = CacheRead && Faults is null,
        CacheWrite = CacheWrite,
        CacheMaxAge = CacheMaxAge?.TotalSeconds,
        CacheOnly = CacheOnly,
        Context = Context,
        RequestHash = RequestHash,
        After = After,
        Echo = Echo,
        Watch = Watch,
        Faults = Faults?.ToString(),
    };
}
