using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Runs;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Makes responses: a question finds its place, is asked there, and in a fork of the conversation when that has gone on.</summary>
internal sealed class ResponseCreation(
    AgentRequestHandler handler, BackgroundRuns background, ResponseConversations conversations, StoredResponses stored, TimeProvider timeProvider)
{
    /// <summary>Asks and waits.</summary>
    public async Task<AgentResult> AskAsync(AgentQuestion question, Guid? previous, ILiveAnswer? live, CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetTimestamp();
        var placed = await conversations.PlaceAsync(question, previous, cancellationToken);
        if (!placed.IsGood)
        {
            return Refused(placed);
        }

        var result = await handler.HandleAsync(placed.Value, live, cancellationToken);
        if (result is not AgentResult.Refused { Code: ProblemCodes.SessionMovedOn })
        {
            return result;
        }

        var forked = await conversations.ForkAsync(placed.Value, cancellationToken);
        return forked.IsGood
            ? await handler.HandleAsync(forked.Value with { Waited = question.Waited + timeProvider.GetElapsedTime(begun) }, live, cancellationToken)
            : Refused(forked);
    }

    /// <summary>Asks and does not wait.</summary>
    public async Task<OrProblem<ResponseBody>> StartAsync(AgentQuestion question, Guid? previous, CancellationToken cancellationToken)
    {
        var placed = await conversations.PlaceAsync(question, previous, cancellationToken);
        if (!placed.IsGood)
        {
            return placed.Problem;
        }

        var accepted = await background.StartAsync(placed.Value, cancellationToken);
        if (Equals(accepted.Problem?.ProblemDetails.Extensions[Problem.Code], ProblemCodes.SessionMovedOn))
        {
            var forked = await conversations.ForkAsync(placed.Value, cancellationToken);
            accepted = forked.IsGood ? await background.StartAsync(forked.Value, cancellationToken) : forked.Problem;
        }

        return accepted.IsGood ? await BodyAsync(question, cancellationToken) : accepted.Problem;
    }

    /// <summary>The body of an answered question: as it can be read again, or, where it cannot, as it was told.</summary>
    public async Task<ResponseBody> BodyAsync(AgentQuestion question, ResponseEcho echo, AgentAnswer answer, CancellationToken cancellationToken)
    {
        if (question.Echo is not null && answer.Degraded is not { Recorded: false })
        {
            var found = await stored.FindAsync(question.TenantId, ResponseIds.Of(question.RunId!.Value), cancellationToken);
            if (found.IsGood)
            {
                return found.Value.ToBody(mayBeTold: false);
            }
        }

        var fold = new ResponseFold(question.RunId!.Value);
        fold.Begin(Unstored(question, echo));
        Tell(fold, answer, timeProvider.GetUtcNow());
        return fold.Body!;
    }

    /// <summary>How a response that waits, or has just begun, stands.</summary>
    public async Task<OrProblem<ResponseBody>> BodyAsync(AgentQuestion question, CancellationToken cancellationToken)
    {
        var found = await stored.FindAsync(question.TenantId, ResponseIds.Of(question.RunId!.Value), cancellationToken);
        return found.IsGood ? stored.BodyOf(found.Value) : found.Problem;
    }

    /// <summary>How a response begins that nobody can read again.</summary>
    public ResponseBody Unstored(AgentQuestion question, ResponseEcho echo) => ResponseBodies.Of(
        question.RunId!.Value, echo with { IsStored = false }, question.Agent, question.User, question.Metadata, timeProvider.GetUtcNow());

    public static IReadOnlyList<ResponseEvent> Tell(ResponseFold fold, AgentAnswer answer, DateTimeOffset at) => fold.Tell(
        answer.Answer,
        answer.Degraded is { } degraded ? new ResponseDegraded(degraded.Level, degraded.Reason, degraded.Tried, degraded.Recorded) : null,
        new ResponseCache(answer.Cache.Hit, answer.Cache.SourceRunId),
        answer.Usage.InputTokens,
        answer.Usage.OutputTokens,
        at,
        answer.HandedOver);

    private static AgentResult.Refused Refused(OrProblem<AgentQuestion> refused)
    {
        var details = refused.Problem!.ProblemDetails;
        return new AgentResult.Refused(
            refused.Problem.StatusCode,
            (string)details.Extensions[Problem.Code]!,
            details.Detail!,
            details.Extensions.TryGetValue(Problem.Field, out var field) ? field as string : null,
            details.Extensions.TryGetValue(Problem.RetryAfter, out var wait) && wait is long seconds ? TimeSpan.FromSeconds(seconds) : null);
    }
}
