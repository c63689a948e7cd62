using AgentPlatform.Api.Agent;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// Gives a question its place in a conversation: one of its own, or behind the response it goes on from. Whether that one is still the last is known to the
/// session's writer alone, so it is asked for there; where it is not, the conversation is forked.
/// </summary>
internal sealed class ResponseConversations(ExecutorQueries queries, ExecutorCommands commands)
{
    private const string Field = "previous_response_id";
    private const string NotFoundCode = "previous_response_not_found";

    public async Task<OrProblem<AgentQuestion>> PlaceAsync(AgentQuestion question, Guid? previous, CancellationToken cancellationToken)
    {
        if (question.Echo is null)
        {
            return question;
        }

        if (question.MayExist && (await queries.RunAsync(question.TenantId, question.RunId!.Value, cancellationToken)).Value is { } known)
        {
            return question with { SessionId = known.Run.SessionId };
        }

        if (previous is not { } runId)
        {
            return question with { SessionId = ResponseIds.Of(question.RunId!.Value) };
        }

        var found = await queries.RunAsync(question.TenantId, runId, cancellationToken);
        return found switch
        {
            { Value: { Run.SessionId: { } sessionId } view } when StoredResponse.Of(view).IsResponse => question with { SessionId = sessionId, After = runId },
            { Problem: { StatusCode: not StatusCodes.Status404NotFound } problem } => problem,
            _ => NotFound(ResponseIds.Of(runId)),
        };
    }

    /// <summary>The same question in a conversation that has gone no further than the response it goes on from.</summary>
    public async Task<OrProblem<AgentQuestion>> ForkAsync(AgentQuestion question, CancellationToken cancellationToken)
    {
        var (previous, sessionId) = (question.After!.Value, ResponseIds.Of(question.RunId!.Value));
        var refused = await commands.ForkAsync(question.TenantId, question.SessionId!, new SessionFork(previous, sessionId), cancellationToken);
        return refused switch
        {
            null => question with { SessionId = sessionId, After = null },
            { StatusCode: StatusCodes.Status404NotFound } => NotFound(ResponseIds.Of(previous)),
            { StatusCode: StatusCodes.Status409Conflict } => Problem.Result(
                StatusCodes.Status409Conflict,
                ProblemCodes.TurnOpen,
                $"The response '{ResponseIds.Of(previous)}' has not ended, and another one goes on from it already. Wait until it has ended, or go on from that one.",
                Field,
                TimeSpan.FromSeconds(1)),
            _ => refused,
        };
    }

    public static ProblemHttpResult NotFound(string previous) => Problem.Result(
        StatusCodes.Status404NotFound, NotFoundCode, $"There is no response '{Words.Short(previous)}' to go on from. It was not stored, was deleted, or never was.", Field);
}
