using AgentPlatform.Api.Agent;
using AgentPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>The API as its entry point builds it, on a free port of Kestrel. Any type of its assembly names that entry point.</summary>
internal sealed class ApiProcess : WebApplicationFactory<AgentRequestHandler>
{
    /// <summary>Refuses at once.</summary>
    public const string Nobody = "http://127.0.0.1:1";

    private readonly string[] _executors;
    private readonly (string Key, string Value)[] _settings;

    private ApiProcess(string[] executors, (string Key, string Value)[] settings) => (_executors, _settings) = (executors, settings);

    public static ApiProcess Start(params string[] executors) => Start(executors, []);

    public static ApiProcess Start(string[] executors, params (string Key, string Value)[] settings)
    {
        var api = new ApiProcess(executors, settings);
        api.UseKestrel();
        api.StartServer();
        return api;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        // The port is a setting and not a parameter of UseKestrel, which is applied while the entry point may already be starting the server.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        foreach (var (index, executor) in _executors.Index())
        {
            builder.UseSetting($"services:{ResourceNames.Executor}:http:{index}", executor);
        }

        // No Redis: the cache is bypassed.
        builder.UseSetting($"ConnectionStrings:{ResourceNames.Cache}", "127.0.0.1:1");
        builder.UseSetting("Models:Default:Provider", "builtin");
        builder.UseSetting("ExecutorClient:LookUpDeadline", "00:00:01");
        builder.UseSetting("Watching:Heartbeat", "00:00:00.100");
        builder.UseSetting("Logging:LogLevel:Default", "None");
        builder.UseSetting("Logging:LogLevel:Microsoft.Hosting.Lifetime", "None");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
