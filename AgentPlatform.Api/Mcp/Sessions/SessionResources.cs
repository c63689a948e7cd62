using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp.Sessions;

/// <summary>The caller's conversations as resources: a list of pages, newest first, and each one's transcript.</summary>
internal sealed class SessionResources(ExecutorQueries executor, IHttpContextAccessor contexts)
{
    public static ListResourceTemplatesResult Templates() => new()
    {
        ResourceTemplates =
        [
            new ResourceTemplate
            {
                Name = "session",
                Title = "Conversation",
                UriTemplate = SessionUri.Template,
                Description = "What was asked and answered in a conversation, oldest first.",
                MimeType = MediaTypeNames.Text.Markdown,
            },
            new ResourceTemplate
            {
                Name = "session-turns",
                Title = "Turns of a conversation",
                UriTemplate = SessionUri.TurnsTemplate,
                Description = "The newest turns of a conversation as GET /sessions/{session_id}/turns gives them, newest first.",
                MimeType = MediaTypeNames.Application.Json,
            },
        ],
    };

    public async ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        var query = request.Params?.Cursor is { } cursor ? QueryString.Create("after", cursor) : default;
        var page = await executor.SessionsAsync(TenantId, query, cancellationToken);
        return page.IsGood
            ? new ListResourcesResult { Resources = [.. page.Value.Items.Select(Resource)], NextCursor = page.Value.Next }
            : throw Failure(page.Problem, request.Server);
    }

    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params!.Uri;
        if (!SessionUri.TryParse(uri, out var sessionId, out var asJson) || Checks.SessionId(sessionId) is not null)
        {
            throw new McpProtocolException($"There is no resource '{Words.Short(uri)}'. Resources are {SessionUri.Template} and {SessionUri.TurnsTemplate}.", NotFound(request.Server));
        }

        var tenant = TenantId;
        var turns = await executor.TurnsAsync(
            tenant, sessionId, QueryString.Create("limit", ListQuery.MaxLimit.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        return turns.IsGood
            ? new ReadResourceResult
            {
                Contents =
                [
                    new TextResourceContents
                    {
                        Uri = uri,
                        MimeType = asJson ? MediaTypeNames.Application.Json : MediaTypeNames.Text.Markdown,
                        Text = asJson ? JsonSerializer.Serialize(turns.Value, PublicJson.Options) : SessionTranscript.Of(sessionId, turns.Value),
                    },
                ],
            }
            : throw Failure(turns.Problem, request.Server);
    }

    private string TenantId => SessionScope.TenantOf(contexts.HttpContext!);

    private static Resource Resource(SessionView session) => new()
    {
        Uri = SessionUri.Of(session.SessionId),
        Name = session.SessionId,
        Description = string.Create(CultureInfo.InvariantCulture, $"A conversation of {session.Turns} turns, last used {session.UpdatedAt:yyyy-MM-dd HH:mm} UTC."),
        MimeType = MediaTypeNames.Text.Markdown,
    };

    private static McpProtocolException Failure(ProblemHttpResult problem, McpServer server) => new(
        problem.ProblemDetails.Detail!,
        problem.StatusCode switch
        {
            StatusCodes.Status404NotFound => NotFound(server),
            StatusCodes.Status400BadRequest => McpErrorCode.InvalidParams,
            _ => McpErrorCode.InternalError,
        });

    /// <summary>The newest revision has no code of its own for it.</summary>
    private static McpErrorCode NotFound(McpServer server) =>
        McpRevision.IsWithoutSessions(server.NegotiatedProtocolVersion) ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound;
}
