using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Input;

namespace AgentPlatform.Executor.Problems;

/// <summary>Every problem the executor answers with: one place for status, code and sentence.</summary>
internal static class ExecutorProblems
{
    /// <summary>How long a caller should leave an unavailable database or a full executor alone.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Exports last longer than runs.</summary>
    private static readonly TimeSpan ExportPause = TimeSpan.FromSeconds(30);

    public static ExecutorProblem Invalid(string field, string detail) =>
        new(StatusCodes.Status400BadRequest, ProblemCodes.InvalidRequest, detail) { Field = field };

    public static ExecutorProblem Unreadable(string detail) =>
        new(StatusCodes.Status400BadRequest, ProblemCodes.InvalidRequest, detail);

    public static ExecutorProblem Unauthenticated() => new(
        StatusCodes.Status401Unauthorized, ProblemCodes.Unauthenticated, $"The executor answers only those who send its key in '{InternalWire.KeyHeader}'.");

    public static ExecutorProblem KeyNotFound() => new(StatusCodes.Status404NotFound, ProblemCodes.KeyNotFound, "There is no such key.");

    public static ExecutorProblem TooManyKeys() => new(
        StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited, $"The tenant has {Keys.ApiKeys.MostInUse} keys in use, and may not have more. Revoke those that nobody needs (DELETE /keys/ID).");

    public static ExecutorProblem RunNotFound(string runId) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.RunNotFound, $"There is no run '{runId}'.");

    public static ExecutorProblem CallNotFound(string callId) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.CallNotFound, $"The run has no call '{callId}'.");

    public static ExecutorProblem OutcomeKnown(string callId) =>
        new(StatusCodes.Status409Conflict, ProblemCodes.OutcomeKnown, $"How the call '{callId}' ended is known already.");

    public static ExecutorProblem AgentNotFound(string agent) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.AgentNotFound, $"There is no agent '{agent}'.") { Field = "agent" };

    public static ExecutorProblem ToolNotFound(string tool) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.ToolNotFound, $"No server was ever seen with a tool '{tool}'.") { Field = "tool" };

    public static ExecutorProblem ToolNotPending(string tool) =>
        new(StatusCodes.Status409Conflict, ProblemCodes.ToolNotPending, $"What waits of the tool '{tool}' has another hash, or nothing waits. Look at GET /tools again.") { Field = "hash" };

    public static ExecutorProblem SessionNotFound(string sessionId) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.SessionNotFound, $"There is no session '{sessionId}'.");

    public static ExecutorProblem SessionExists(string sessionId) =>
        new(StatusCodes.Status409Conflict, ProblemCodes.SessionExists, $"The session '{sessionId}' exists already.") { Field = "session_id" };

    public static ExecutorProblem SessionBusy(string sessionId) =>
        new(StatusCodes.Status409Conflict, ProblemCodes.SessionBusy, $"The session '{sessionId}' has a run that is still at work.") { RetryAfter = Pause };

    public static ExecutorProblem TenantBusy() =>
        new(StatusCodes.Status409Conflict, ProblemCodes.TenantBusy, "A run of the tenant does not stop; nothing was removed. Ask again in a moment.") { RetryAfter = Pause };

    public static ExecutorProblem TenantGoesOn() =>
        new(
            StatusCodes.Status409Conflict,
            ProblemCodes.TenantBusy,
            "Runs of the tenant began while it was removed, and are left. Stop those who ask (revoke the tenant's other keys), and ask for the removal again.")
        {
            RetryAfter = Pause,
        };

    public static ExecutorProblem RemovalBrokeOff() =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.ExecutorUnavailable, "The removal broke off before its end. Ask for it again: it goes on.") { RetryAfter = Pause };

    public static ExecutorProblem ExportUnderWay() =>
        new(StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited, "An export of the tenant is under way. Wait for its end, or close its connection, and ask again.") { RetryAfter = ExportPause };

    public static ExecutorProblem TooManyExports() =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Overloaded, "The executor writes as many exports as it may at a time. Ask again when one of them is done.") { RetryAfter = ExportPause };

    public static ExecutorProblem SessionMovedOn() =>
        new(StatusCodes.Status409Conflict, ProblemCodes.SessionMovedOn, "The session has gone on since the turn that this one was to follow.");

    public static ExecutorProblem TurnOpen() =>
        new(StatusCodes.Status409Conflict, ProblemCodes.TurnOpen, "A turn up to there has not ended: what was said in it is not known yet.") { RetryAfter = Pause };

    public static ExecutorProblem StateStale(string sessionId) =>
        new(StatusCodes.Status412PreconditionFailed, ProblemCodes.StateStale, $"The state of session '{sessionId}' is not at the version the request names. Read it and try again.");

    public static ExecutorProblem BodyTooLarge(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, ProblemCodes.BodyTooLarge, $"The body is larger than {maxBytes} bytes.");

    public static ExecutorProblem BodyTooLarge() =>
        new(StatusCodes.Status413PayloadTooLarge, ProblemCodes.BodyTooLarge, "The body is too large.");

    public static ExecutorProblem BadRequest(RequestMistake mistake) => new(
        mistake.Status,
        mistake.Status == StatusCodes.Status415UnsupportedMediaType ? ProblemCodes.UnsupportedMediaType : ProblemCodes.InvalidRequest,
        mistake.Detail)
    {
        Field = mistake.Field,
    };

    public static ExecutorProblem UnsupportedMediaType() =>
        new(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedMediaType, "The body must be application/json.");

    public static ExecutorProblem NotCached() =>
        new(StatusCodes.Status504GatewayTimeout, ProblemCodes.NotCached, "There is no cached answer to this question in this conversation, and no other was asked for.")
        {
            Field = "Cache-Control",
        };

    public static ExecutorProblem Overloaded() =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Overloaded, "The executor has as many runs as it can hold.") { RetryAfter = Pause };

    public static ExecutorProblem BudgetExceeded(BudgetExceeded exceeded) =>
        new(StatusCodes.Status429TooManyRequests, ProblemCodes.BudgetExceeded, Budgets.BudgetSentence.Of(exceeded))
        {
            RetryAfter = TimeSpan.FromSeconds(exceeded.ResetsIn),
            Budget = exceeded,
        };

    public static ExecutorProblem Draining() =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.Draining, "The executor is stopping and takes no new runs.") { RetryAfter = Pause, ClosesConnection = true };

    public static ExecutorProblem DatabaseUnavailable() =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.DatabaseUnavailable, "The database does not answer at the moment.") { RetryAfter = Pause };

    /// <summary>The executors are regrouping after the loss of one; the caller takes the run up again by its id.</summary>
    public static ExecutorProblem HostUnreachable() =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.ExecutorUnavailable, "The executor that holds this run or session cannot be reached at the moment.") { RetryAfter = Pause };

    public static ExecutorProblem CallNotFound(string runId, string callId) =>
        new(StatusCodes.Status404NotFound, ProblemCodes.CallNotFound, $"No call '{callId}' of run '{runId}' asks a person.");

    public static ExecutorProblem Conflict(string code, string detail, string? field = null) =>
        new(StatusCodes.Status409Conflict, code, detail) { Field = field };

    /// <summary>The word a host refuses a run with, as an answer.</summary>
    public static ExecutorProblem Refused(string code, RunRequest request) => code switch
    {
        ProblemCodes.AgentNotFound => AgentNotFound(request.Agent),
        ProblemCodes.RunNotFound => RunNotFound(request.RunId.ToString()),
        ProblemCodes.SessionBusy => SessionBusy(request.SessionId!),
        ProblemCodes.SessionMovedOn => SessionMovedOn(),
        ProblemCodes.NotCached => NotCached(),
        ProblemCodes.Overloaded => Overloaded(),
        ProblemCodes.Draining => Draining(),
        ProblemCodes.DatabaseUnavailable => DatabaseUnavailable(),
        ProblemCodes.ExecutorUnavailable => HostUnreachable(),
        _ => Internal(),
    };

    public static ExecutorProblem Internal() =>
        new(StatusCodes.Status500InternalServerError, ProblemCodes.InternalError, "The executor failed to handle the request.");
}
