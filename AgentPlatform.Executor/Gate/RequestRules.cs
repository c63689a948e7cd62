using AgentPlatform.Executor.Problems;
using AgentPlatform.ServiceDefaults.Input;

namespace AgentPlatform.Executor.Gate;

internal static class RequestRules
{
    /// <summary>Refuses requests whose address or headers no route could take.</summary>
    public static IApplicationBuilder UseRequestRules(this IApplicationBuilder app) => app.Use(static (context, next) =>
        RequestMistake.Of(context.Request) is { } mistake
            ? ExecutorProblems.BadRequest(mistake).ExecuteAsync(context)
            : next(context));
}
