using AgentPlatform.Api.Agent;
using AgentPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>The API itself on a free port of Kestrel, before a scripted executor and without a Redis.</summary>
public sealed class ContractApi : IAsyncLifetime
{
    private ScriptedExecutor? _executor;
    private ApiProcess? _api;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    internal ScriptedExecutor Executor => _executor!;

    internal IServiceProvider Services => _api!.Services;

    public async ValueTask InitializeAsync()
    {
        _executor = await ScriptedExecutor.StartAsync();
        Samples.Script(_executor);
        _api = new ApiProcess(_executor.Address);
        _api.UseKestrel(0);
        _api.StartServer();
        Client = _api.CreateDefaultClient();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _api!.DisposeAsync();
        await _executor!.DisposeAsync();
    }

    /// <summary>Any type of the API's assembly names its entry point.</summary>
    private sealed class ApiProcess(string executor) : WebApplicationFactory<AgentRequestHandler>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.UseSetting($"services:{ResourceNames.Executor}:http:0", executor);
            // Port 1 refuses at once: the cache is bypassed.
            builder.UseSetting($"ConnectionStrings:{ResourceNames.Cache}", "127.0.0.1:1");
            builder.UseSetting("Models:Default:Provider", "builtin");
            builder.UseSetting("ExecutorClient:LookUpDeadline", "00:00:01");
            builder.UseSetting("Logging:LogLevel:Default", "None");
        }
    }
}
