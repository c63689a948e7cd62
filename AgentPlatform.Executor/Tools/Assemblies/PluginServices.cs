using AgentPlatform.Executor.Tools.Http;

namespace AgentPlatform.Executor.Tools.Assemblies;

/// <summary>What the constructor of a class with tools may ask for. Nothing else of the executor is within its reach that way.</summary>
internal sealed class PluginServices(IConfiguration configuration, IHttpClientFactory clients, ILoggerFactory logs, TimeProvider time)
{
    public const string Offered = "ILogger<T>, ILoggerFactory, IConfiguration (its own section), HttpClient and TimeProvider";

    private const string Section = "Tools:Settings";

    /// <param name="assembly">Its simple name, which is the name of its section too.</param>
    public IServiceProvider For(string assembly)
    {
        var services = new ServiceCollection();
        services.AddSingleton(logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(time);
        services.AddSingleton<IConfiguration>(configuration.GetSection($"{Section}:{assembly}"));
        services.AddTransient(_ => clients.CreateClient(HttpTools.PublicOnly));
        return services.BuildServiceProvider();
    }
}
