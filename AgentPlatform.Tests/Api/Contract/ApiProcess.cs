using System.Net.Http.Headers;
using AgentPlatform.Api.Agent;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.Tests.Api.Identity;
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
    private readonly string _environment;
    private readonly bool _isGuarded;

    private ApiProcess(string[] executors, (string Key, string Value)[] settings, string environment, bool isGuarded) =>
        (_executors, _settings, _environment, _isGuarded) = (executors, settings, environment, isGuarded);

    public static ApiProcess Start(params string[] executors) => Start(executors, []);

    public static ApiProcess Start(string[] executors, params (string Key, string Value)[] settings) =>
        Start(new ApiProcess(executors, settings, "Production", isGuarded: true));

    /// <summary>Without any identity configured.</summary>
    public static ApiProcess StartOpen(string environment, params string[] executors) => Start(new ApiProcess(executors, [], environment, isGuarded: false));

    private static ApiProcess Start(ApiProcess api)
    {
        api.UseKestrel();
        api.StartServer();
        return api;
    }

    protected override void ConfigureClient(HttpClient client)
    {
        base.ConfigureClient(client);
        if (_isGuarded)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Of());
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        // The port is a setting and not a parameter of UseKestrel, which is applied while the entry point may already be starting the server.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        foreach (var (index, executor) in _executors.Index())
        {
            builder.UseSetting($"services:{ResourceNames.Executor}:http:{index}", executor);
        }

        // Tokens, because they need no executor to be believed.
        foreach (var (key, value) in _isGuarded ? TestTokens.Settings : [])
        {
            builder.UseSetting(key, value);
        }

        if (_isGuarded)
        {
            builder.UseSetting("Internal:Key", ScriptedExecutor.InternalKey);
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
