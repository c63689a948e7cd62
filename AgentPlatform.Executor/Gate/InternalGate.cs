using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Gate;

/// <summary>
/// The executor does what it is told for the tenant it is told; who may tell it is whoever has the internal key: the API, and a scraper of its metrics.
/// Probes need none.
/// </summary>
internal static class InternalGate
{
    private const string Bearer = "Bearer ";

    public static WebApplicationBuilder AddInternalGate(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<InternalKeyOptions>()
            .BindConfiguration(InternalKeyOptions.Section)
            .Validate(
                options => options.Key is null || options.Key.Length >= InternalKeyOptions.ShortestKey,
                $"Internal:Key is shorter than {InternalKeyOptions.ShortestKey} characters: set Internal__Key to a long random text, the same at the API and the executors.")
            .Validate(
                options => options.Key is not null || builder.Environment.IsDevelopment(),
                $"Internal:Key is missing: outside Development the executor answers only those who have it. Set Internal__Key to a random text of at least {InternalKeyOptions.ShortestKey} characters, the same at the API and the executors.")
            .ValidateOnStart();
        return builder;
    }

    public static IApplicationBuilder UseInternalGate(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<InternalKeyOptions>>().Value;
        return options.Key is null ? app : app.Use((context, next) =>
            IsProbe(context.Request.Path) || options.IsKey(Presented(context.Request))
                ? next(context)
                : ExecutorProblems.Unauthenticated().ExecuteAsync(context));
    }

    private static bool IsProbe(PathString path) => path.Value is DefaultPaths.Alive or DefaultPaths.Ready;

    /// <summary>A scraper can send no header but the usual one.</summary>
    private static string? Presented(HttpRequest request) =>
        request.Headers[InternalWire.KeyHeader] is [{ } key] ? key
        : request.Headers.Authorization is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..]
        : null;
}
