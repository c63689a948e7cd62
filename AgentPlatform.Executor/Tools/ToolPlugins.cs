using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools.Assemblies;
using AgentPlatform.Executor.Tools.Calculator;
using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.HttpGet;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Executor.Tools.OpenApi;
using AgentPlatform.Executor.Tools.Outgoing;
using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Tools;

/// <summary>Registration of tools: Semantic Kernel plugins, one class each, resolved from the container.</summary>
public static class ToolPlugins
{
    /// <summary>JSON of arguments and results: our dialect, and numbers as JSON numbers only.</summary>
    internal static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>The catalogue, the invoker and the tools that ship: calculator, clock, http_get; and those the configuration names.</summary>
    public static IServiceCollection AddTools(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => SecretMask.Of(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<ToolCatalogue>();
        services.TryAddSingleton<ToolInvoker>();
        services.AddOptions<HttpGetOptions>()
            .BindConfiguration(HttpGetOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.AllowedHosts.All(OutgoingHosts.IsEntry), $"{HttpGetOptions.Section}:AllowedHosts: {OutgoingHosts.EntryRule}.")
            .ValidateOnStart();
        services.TryAddSingleton<HttpGetClient>();
        services.TryAddSingleton<PluginServices>();
        services.TryAddSingleton<PluginAssemblies>();
        return services
            .AddOutgoing()
            .AddHttpTools()
            .AddOpenApiTools()
            .AddMcpTools()
            .AddToolPlugin<CalculatorPlugin>()
            .AddToolPlugin<ClockPlugin>()
            .AddToolPlugin<HttpGetPlugin>();
    }

    /// <summary>
    /// Offers every <c>[KernelFunction]</c> method of <typeparamref name="TPlugin"/> to agents. Mark each method with
    /// <see cref="ToolEffectAttribute"/>. The plugin is a singleton and may ask for services in its constructor.
    /// </summary>
    public static IServiceCollection AddToolPlugin<TPlugin>(this IServiceCollection services)
        where TPlugin : class
    {
        services.TryAddSingleton<TPlugin>();
        services.AddSingleton(new ToolPlugin(typeof(TPlugin)));
        return services;
    }

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        WireJson.Apply(options);
        options.MakeReadOnly();
        return options;
    }
}
