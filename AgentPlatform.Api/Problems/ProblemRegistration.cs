namespace AgentPlatform.Api.Problems;

/// <summary>Every error, also of unknown paths and of exceptions, as one shape.</summary>
internal static class ProblemRegistration
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Writers are asked in the order of their registration: ours before the framework's.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        return services.AddProblemDetails().AddExceptionHandler<UnhandledExceptionHandler>();
    }

    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app.UseExceptionHandler().UseStatusCodePages();
}
