using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Sessions;

/// <summary>The JSON document that callers and tools keep with a session. Its version is the ETag, so that nobody overwrites what they have not seen.</summary>
internal static class SessionStateEndpoints
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 64;

    public static RouteGroupBuilder MapSessionState(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/sessions/{session_id}/state").WithTags("Sessions");
        group.MapGet("", GetAsync)
            .RequireScope(Scopes.Read)
            .WithName("getState")
            .WithSummary("The session's document")
            .WithDescription("The JSON document kept with the session; `{}` as long as none was put. `ETag` is its version.")
            .WithETag()
            .ProducesProblems(400, 404, 503);
        group.MapPut("", PutAsync)
            .RequireScope(Scopes.Run)
            .WithName("putState")
            .WithSummary("Replace the session's document")
            .WithDescription("Any JSON document up to 256 KiB. With `If-Match` it is stored only over the version you have seen, with `If-None-Match: *` only as the first one; else 412. Without either it replaces whatever is there. The session begins with it when there is none. The answer is the document as stored.")
            .WithDocumentBody()
            .WithPreconditions()
            .WithETag()
            .ProducesProblems(400, 412, 413, 415, 503);
        return group;
    }

    private static async Task<Results<Ok<JsonElement>, ProblemHttpResult>> GetAsync(
        string session_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (Checks.SessionId(session_id) is { } broken)
        {
            return broken;
        }

        return Answer(await executor.StateAsync(Tenant.Of(context), session_id, cancellationToken), context.Response);
    }

    private static async Task<Results<Ok<JsonElement>, ProblemHttpResult>> PutAsync(
        string session_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if ((Checks.SessionId(session_id) ?? JsonBody.RefusedHeaders(request, MaxBytes)) is { } broken)
        {
            return broken;
        }

        var body = await JsonBody.ReadBytesAsync(request, MaxBytes, cancellationToken);
        var tooLarge = body.Length > MaxBytes;
        byte[] document = tooLarge ? [] : body.ToArray();
        request.BodyReader.AdvanceTo(body.End);
        if ((tooLarge ? JsonBody.TooLarge(MaxBytes) : Refused(document)) is { } refused)
        {
            return refused;
        }

        return Answer(
            await executor.PutStateAsync(Tenant.Of(context), session_id, document, request.Headers, cancellationToken),
            context.Response);
    }

    private static ProblemHttpResult? Refused(byte[] document)
    {
        if (document.Length == 0)
        {
            return Problem.Invalid("body", "The body is empty. Send the JSON document to keep.");
        }

        if (!Utf8.IsValid(document))
        {
            return Problem.Invalid("body", "The body is not valid UTF-8. Encode the document as UTF-8 before sending it.");
        }

        return BodyDiagnosis.SyntaxError(document, MaxDepth) is { } error ? Problem.Invalid("body", error) : null;
    }

    private static Results<Ok<JsonElement>, ProblemHttpResult> Answer(OrProblem<SessionState> reply, HttpResponse response)
    {
        if (!reply.IsGood)
        {
            return reply.Problem;
        }

        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{reply.Value.Version}\"");
        return TypedResults.Ok(reply.Value.State);
    }
}
