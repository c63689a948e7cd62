using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Executor.Tools.Pins;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Executor.Tools;

/// <summary><c>GET /tools</c>, as they stand in this executor, and <c>POST /tools/{name}/accept</c>, for all of them.</summary>
internal static class ToolEndpoints
{
    public static RouteGroupBuilder MapTools(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/tools");
        group.AddEndpointFilter<DatabaseDeadline>();
        group.MapGet("", List);
        group.MapPost("/{name}/accept", AcceptAsync).WithAudit(AuditActions.ToolAccepted);
        return group;
    }

    private static JsonHttpResult<ToolListing> List(ToolCatalogue tools) => TypedResults.Json(
        new ToolListing([.. tools.View().Concat(tools.Servers?.View() ?? []).OrderBy(tool => tool.Name, StringComparer.Ordinal)]), WireJson.Options);

    private static async Task<Results<NoContent, ExecutorProblem>> AcceptAsync(
        string name, HttpRequest request, ToolPins pins, McpServers servers, CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<ToolAcceptance>() is not { } acceptance)
        {
            return ExecutorProblems.Unreadable("The body must name the hash of what is accepted.");
        }

        switch (await pins.AcceptAsync(name, acceptance.Hash, cancellationToken))
        {
            case null:
                return ExecutorProblems.ToolNotFound(name);
            case false:
                return ExecutorProblems.ToolNotPending(name);
            default:
                servers.Find(McpNames.ServerOf(name) ?? "")?.Look();
                return TypedResults.NoContent();
        }
    }
}
