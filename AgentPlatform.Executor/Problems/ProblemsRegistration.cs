namespace AgentPlatform.Executor.Problems;

/// <summary>Problems for every endpoint of the executor; <c>app.UseExceptionHandler()</c> goes first in the pipeline.</summary>
internal static class ProblemsRegistration
{
    public static IServiceCollection AddExecutorProblems(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ExecutorExceptionHandler>();
        // A parameter that does not bind is an exception in Development only; here it is a problem everywhere.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }
}
