using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Runs.Watching;

/// <summary><c>GET /runs/{run_id}/events</c>.</summary>
internal static class RunEventEndpoints
{
    private const string Header = "Last-Event-ID";
    private const string Parameter = "last_event_id";

    public static IEndpointConventionBuilder MapRunEvents(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/runs/{run_id}/events", Watch)
            .WithTags("Runs")
            .RequireScope(Scopes.Read)
            .WithName("watchRun")
            .WithSummary("Watch a run")
            .WithDescription(
                """
                Server-sent events from the run's beginning, during the run and after it. With `Last-Event-ID` they go on after that event, without gap or
                duplicate, from any replica, also after a restart. `done` carries the body that `POST /agent` would have answered with, `error` a
                problem; one of the two is always last, and then the connection is closed: a client that reconnects by itself closes on them.
                While the run waits for a person the stream stays open.
                """)
            .WithEventIds()
            .WithEventStream()
            .ProducesProblems(400, 404, 503);

    private static Results<StreamedRun, ProblemHttpResult> Watch(string run_id, HttpContext context)
    {
        if (!Checks.TryRunId(run_id, out var id, out var broken))
        {
            return broken;
        }

        if (context.Request.Query.Keys.FirstOrDefault(name => name != Parameter) is { } unknown)
        {
            return Problem.Invalid(Words.Short(unknown), $"'{Words.Short(unknown)}' is not known here. Known is {Parameter}.");
        }

        // A browser that reconnects sends the header and the address it began with.
        var (name, position) = context.Request.Headers.TryGetValue(Header, out var header)
            ? (Header, header.ToString())
            : (Parameter, context.Request.Query.TryGetValue(Parameter, out var parameter) ? parameter.ToString() : null);
        var after = FrameId.Start;
        return position is null || FrameId.TryParse(position, out after)
            ? new StreamedRun(Tenant.Of(context), id, after)
            : Problem.Invalid(name, $"'{name}' must be the id of an event as the stream gave it, such as 3.0.");
    }
}
