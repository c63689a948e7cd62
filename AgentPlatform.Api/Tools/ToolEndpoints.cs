using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Tools;

/// <summary>The tools of the platform, and a person's word for those that changed on their server.</summary>
internal static class ToolEndpoints
{
    public static RouteGroupBuilder MapTools(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/tools").WithTags("Tools");
        group.MapGet("", ListAsync)
            .RequireScope(Scopes.Read)
            .WithName("listTools")
            .WithSummary("The tools, by name, as they stand now")
            .WithDescription(
                """
                Those that ship, those of the configuration, and those of MCP servers as the executor that is asked sees them. A tool that can write and that changed
                on its server is `pending`, and no agent has it, until somebody accepts it. A server that is away stands here as `server__*`, `unavailable`.
                """)
            .ProducesProblems(503);
        group.MapPost("/{tool}/accept", AcceptAsync)
            .RequireScope(Scopes.Admin)
            .RequireOperator()
            .WithName("acceptTool")
            .WithSummary("Accept a tool that changed on its server")
            .WithDescription("The word holds for what has this `hash`: 409 `tool_not_pending` when something else waits by now, or nothing. Tools are everybody's: it takes an admin of the operator's tenant (`Identity:OperatorTenant`). Holds for all executors, each within seconds. Safe to repeat.")
            .WithBody<AcceptBody>(AcceptBody.Shape)
            .ProducesProblems(400, 404, 409, 413, 415, 503);
        return group;
    }

    private static async Task<Results<Ok<ToolListing>, ProblemHttpResult>> ListAsync(HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var tools = await executor.ToolsAsync(Tenant.Of(context), cancellationToken);
        return tools.IsGood ? TypedResults.Ok(tools.Value) : tools.Problem;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AcceptAsync(
        string tool, HttpContext context, ExecutorCommands executor, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<AcceptBody>(context.Request, AcceptBody.Shape, cancellationToken);
        if ((ToolName(tool) ?? body.Problem ?? body.Value!.Broken()) is { } refused)
        {
            return refused;
        }

        return await executor.AcceptToolAsync(Tenant.Of(context), tool, body.Value!.ToAcceptance(CallerClaims.NameOf(context)), cancellationToken) is { } problem
            ? problem
            : TypedResults.NoContent();
    }

    private static ProblemHttpResult? ToolName(string tool) => Checks.IsName(tool)
        ? null
        : Problem.Invalid("tool", "'tool' must be the name of a tool as GET /tools shows it.");
}
