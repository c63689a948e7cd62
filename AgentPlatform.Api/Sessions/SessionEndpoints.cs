using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Sessions;

/// <summary>Conversations. One also comes into being with the first question that names it.</summary>
internal static class SessionEndpoints
{
    public static RouteGroupBuilder MapSessions(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sessions").WithTags("Sessions");
        group.MapPost("", CreateAsync)
            .RequireScope(Scopes.Run)
            .WithName("createSession")
            .WithSummary("Begin a conversation")
            .WithDescription("Only needed to have an id made or to label the conversation: the first question that names an id begins it too.")
            .WithBody<NewSession>(NewSession.Shape)
            .ProducesProblems(400, 409, 413, 415, 503);
        group.MapGet("", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("listSessions")
            .WithSummary("Conversations, newest first")
            .WithDescription("All filters must hold. `next` of a page is `after` of the following one.")
            .WithQuery("user", "metadata.KEY", "limit", "after")
            .ProducesProblems(400, 503);
        group.MapGet("/{session_id}", GetAsync)
            .RequireScope(Scopes.Read)
            .WithName("getSession")
            .WithSummary("A conversation")
            .ProducesProblems(400, 404, 503);
        group.MapDelete("/{session_id}", DeleteAsync)
            .RequireScope(Scopes.Run)
            .WithName("deleteSession")
            .WithSummary("Delete a conversation")
            .WithDescription("Its turns, their runs and its state go with it. Refused while one of its runs goes on.")
            .ProducesProblems(400, 404, 409, 503);
        group.MapGet("/{session_id}/turns", TurnsAsync)
            .RequireScope(Scopes.Read)
            .WithName("listTurns")
            .WithSummary("What was asked and answered, newest first")
            .WithDescription("`next` of a page is `after` of the following one.")
            .WithQuery("limit", "after")
            .ProducesProblems(400, 404, 503);
        group.MapPost("/{session_id}/verify", VerifyAsync)
            .RequireScope(Scopes.Admin)
            .WithName("verifySession")
            .WithSummary("Check a conversation, and mend it")
            .WithDescription("Reads every turn and checks what must always hold: each call has one result, events have no gaps, turns are in order, at most one run is open, totals add up. What can be mended is mended. `findings` is what was wrong.")
            .ProducesProblems(400, 404, 503);
        return group;
    }

    private static async Task<Results<Created<SessionView>, ProblemHttpResult>> CreateAsync(
        HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<NewSession>(context.Request, NewSession.Shape, cancellationToken);
        if (!body.IsGood)
        {
            return body.Problem;
        }

        var wanted = body.Value;
        if ((Checks.SessionId(wanted.SessionId) ?? Checks.User(wanted.User) ?? Checks.Metadata(wanted.Metadata)) is { } broken)
        {
            return broken;
        }

        var created = await executor.CreateSessionAsync(Tenant.Of(context), wanted, cancellationToken);
        return created.IsGood
            ? TypedResults.Created($"/sessions/{created.Value.SessionId}", created.Value)
            : created.Problem;
    }

    private static async Task<Results<Ok<Page<SessionView>>, ProblemHttpResult>> ListAsync(
        HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var query = new ListQuery(context.Request.Query);
        if ((query.Broken(labels: true, "user") ?? Checks.User(query["user"])) is { } broken)
        {
            return broken;
        }

        var sessions = await executor.SessionsAsync(Tenant.Of(context), context.Request.QueryString, cancellationToken);
        return sessions.IsGood ? TypedResults.Ok(sessions.Value) : sessions.Problem;
    }

    private static async Task<Results<Ok<SessionView>, ProblemHttpResult>> GetAsync(
        string session_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (Checks.SessionId(session_id) is { } broken)
        {
            return broken;
        }

        var session = await executor.SessionAsync(Tenant.Of(context), session_id, cancellationToken);
        return session.IsGood ? TypedResults.Ok(session.Value) : session.Problem;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string session_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (Checks.SessionId(session_id) is { } broken)
        {
            return broken;
        }

        var problem = await executor.DeleteSessionAsync(Tenant.Of(context), session_id, cancellationToken);
        return problem is null ? TypedResults.NoContent() : problem;
    }

    private static async Task<Results<Ok<Page<TurnView>>, ProblemHttpResult>> TurnsAsync(
        string session_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if ((Checks.SessionId(session_id) ?? new ListQuery(context.Request.Query).Broken(labels: false)) is { } broken)
        {
            return broken;
        }

        var turns = await executor.TurnsAsync(Tenant.Of(context), session_id, context.Request.QueryString, cancellationToken);
        return turns.IsGood ? TypedResults.Ok(turns.Value) : turns.Problem;
    }

    private static async Task<Results<Ok<SessionReport>, ProblemHttpResult>> VerifyAsync(
        string session_id, HttpContext context, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        if (Checks.SessionId(session_id) is { } broken)
        {
            return broken;
        }

        var report = await executor.VerifyAsync(Tenant.Of(context), session_id, cancellationToken);
        return report.IsGood ? TypedResults.Ok(report.Value) : report.Problem;
    }
}
