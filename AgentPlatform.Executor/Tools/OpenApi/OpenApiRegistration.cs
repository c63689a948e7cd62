using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.Outgoing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Registration of OpenAPI documents.</summary>
internal static class OpenApiRegistration
{
    /// <summary>Needs <c>AddHttpTools()</c>.</summary>
    public static IServiceCollection AddOpenApiTools(this IServiceCollection services)
    {
        services.AddOptions<OpenApiOptions>()
            .BindConfiguration(OpenApiOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.AllowedHosts.All(OutgoingHosts.IsEntry), $"{OpenApiOptions.Section}:AllowedHosts: {OutgoingHosts.EntryRule}.")
            .ValidateOnStart();
        services.TryAddSingleton<ToolSecrets>();
        services.TryAddSingleton<OpenApiTools>();
        services.TryAddSingleton<OpenApiFetch>();
        services.TryAddSingleton<OpenApiDocuments>();
        HttpTools.AddClient(services, OpenApiTools.Client, provider => provider.GetRequiredService<OutgoingHttp>().NewHandler(
            new OutgoingHosts(provider.GetRequiredService<IOptions<OpenApiOptions>>().Value.AllowedHosts), HttpTools.IdleTime));
        return services;
    }
}
