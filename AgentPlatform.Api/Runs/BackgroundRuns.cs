using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Agents;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Faults;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Runs;

/// <summary>
/// Has an executor accept a question whose answer nobody waits for. It is accepted when an executor says that it is durable, and not before; when none
/// says so in time the caller is told to come back. There is no ladder: a run is there or it is not.
/// </summary>
internal sealed class BackgroundRuns(
    AgentDirectory agents, RunClient runs, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider)
{
    /// <summary>The same under an idempotency key. A run that no executor has confirmed may be there: the key keeps its id, so that nobody starts another.</summary>
    public async Task<KeyedOutcome> StartAsync(AgentQuestion question, HttpContext context)
    {
        var run = await StartAsync(question, CancellationToken.None);
        return run.IsGood
            ? new KeyedOutcome(
                new Delivery(StatusCodes.Status202Accepted, JsonSerializer.Serialize(run.Value, PublicJson.Options)), KeyFate.Settle)
            : new KeyedOutcome(
                Delivery.Of(run.Problem, context),
                Equals(run.Problem.ProblemDetails.Extensions[Problem.Code], ProblemCodes.ExecutorUnavailable) ? KeyFate.Leave : KeyFate.Release);
    }

    public async Task<OrProblem<AcceptedRun>> StartAsync(AgentQuestion question, CancellationToken cancellationToken)
    {
        var catalogue = await agents.GetAsync(cancellationToken);
        if (catalogue is not null && catalogue.Find(question.Agent) is null)
        {
            return Problem.Result(
                StatusCodes.Status404NotFound, ProblemCodes.AgentNotFound, AgentNames.NotFound(question.Agent, catalogue), "agent");
        }

        FaultScope.Enter(question.BeginFaults());
        var runId = question.RunId ?? Guid.CreateVersion7(timeProvider.GetUtcNow());
        var request = question.ToRequest(runId, question.Timeout, question.MayExist) with { Background = true };
        var within = Deadline.In(options.Value.AcceptWithin, timeProvider);
        return await runs.RunAsync(request, within, onFrame: null, cancellationToken) switch
        {
            RunReply.Accepted accepted => new AcceptedRun(request.RunId, accepted.Status, request.SessionId),
            RunReply.Outcome { Run: var run } => new AcceptedRun(request.RunId, run.Status, request.SessionId),
            RunReply.Refused { Code: not (ProblemCodes.Draining or ProblemCodes.ExecutorUnavailable or ProblemCodes.InternalError) } refused =>
                Problem.Result(refused.Status, refused.Code, refused.Detail, refused.Field, refused.RetryAfter, budget: refused.Budget),
            RunReply.Refused { Code: ProblemCodes.InternalError } => Problem.Internal(),
            _ => Problem.ExecutorUnavailable("No executor has accepted the run. Send it again in a moment, with an Idempotency-Key so that it cannot be done twice."),
        };
    }
}
