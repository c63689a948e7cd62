using AgentPlatform.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.AppHost;

/// <summary>The architecture as an Aspire app model: stores, then services in dependency order. Also what a deployment is generated from.</summary>
internal static class AspireStack
{
    private static readonly string[] ServiceSettings = ["OPENAI_", "AZURE_OPENAI_", "Models:", "Identity:", "Authentication:"];

    /// <summary>Whether this build can run the Aspire stack.</summary>
    public static bool IsBuiltIn => true;

    /// <summary>Runs the stack, or writes the manifest when the arguments ask for that.</summary>
    public static async Task<int> RunAsync(string[] arguments, AppHostOptions options)
    {
        var builder = DistributedApplication.CreateBuilder(arguments);

        var cache = builder.AddRedis(ResourceNames.Cache)
            .WithDataVolume()
            .WithPersistence();

        var database = builder.AddPostgres(ResourceNames.Postgres)
            .WithDataVolume()
            .AddDatabase(ResourceNames.Database);

        // By which executors know the API; made once and kept, for a deployment asked for as a secret.
        var internalKey = builder.AddParameter("internal-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

        // Executors form one cluster: each reaches the others at the address it wrote into the membership table, on ports that are never
        // published as endpoints. A host must therefore let replicas of one service open TCP connections to each other.
        // Replica counts and waits steer a local run only; a deployment starts everything in any order, and the services retry.
        var executor = builder.AddProject<Projects.AgentPlatform_Executor>(ResourceNames.Executor, launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/ready")
            .WithReplicas(options.Executors)
            .WithReference(cache)
            .WithReference(database)
            .WaitFor(cache)
            .WaitFor(database)
            .WithEnvironment("Internal__Key", internalKey)
            .WithServiceSettings(builder);

        builder.AddProject<Projects.AgentPlatform_Api>(ResourceNames.Api, launchProfileName: null)
            .WithHttpEndpoint(port: builder.ExecutionContext.IsRunMode ? options.Port : null)
            .WithExternalHttpEndpoints()
            .WithHttpHealthCheck("/ready")
            .WithReplicas(options.Apis)
            .WithReference(cache)
            .WithReference(executor)
            .WaitFor(cache)
            .WaitFor(executor)
            .WithEnvironment("Internal__Key", internalKey)
            .WithEnvironment("Identity__ApiKeys", builder.ExecutionContext.IsPublishMode ? "true" : "false")
            .WithServiceSettings(builder);

        await builder.Build().RunAsync();
        return 0;
    }

    /// <summary>Settings of models and identity as parameters, all secret because keys stand among them; only those that are configured, so that nothing prompts.</summary>
    private static IResourceBuilder<ProjectResource> WithServiceSettings(this IResourceBuilder<ProjectResource> project, IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            project.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Configuration["ASPNETCORE_ENVIRONMENT"] ?? "Development");
        }

        var settings = builder.Configuration.AsEnumerable()
            .Where(setting => !string.IsNullOrEmpty(setting.Value) && ServiceSettings.Any(prefix => setting.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
        foreach (var (key, _) in settings)
        {
            project.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), SettingParameter(builder, key));
        }

        return project;
    }

    private static IResourceBuilder<ParameterResource> SettingParameter(IDistributedApplicationBuilder builder, string key)
    {
        var name = key.Replace(':', '-').Replace('_', '-').ToLowerInvariant();
        var existing = builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == name);
        return existing is null
            ? builder.AddParameter(name, () => builder.Configuration[key]!, secret: true)
            : builder.CreateResourceBuilder(existing);
    }
}
