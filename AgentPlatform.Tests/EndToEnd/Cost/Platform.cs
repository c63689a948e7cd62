using AgentPlatform.Api.Agent;
using AgentPlatform.Executor.Runs;
using AgentPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace AgentPlatform.Tests.EndToEnd.Cost;

/// <summary>Both services as they are, in this process, over real HTTP; their stores and their model are given.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private readonly Service<AgentLoop> _executor;
    private readonly Service<AgentRequestHandler> _api;

    /// <param name="executor">More settings of the executor.</param>
    public Platform(string database, int redisPort, string modelUrl, params (string Key, string Value)[] executor)
    {
        _executor = new Service<AgentLoop>([.. Settings(database, redisPort, modelUrl), .. executor]);
        ExecutorPort = _executor.Address.Port;
        _api = new Service<AgentRequestHandler>(
        [
            .. Settings(database, redisPort, modelUrl),
            ($"services:{ResourceNames.Executor}:http:0", _executor.Address.AbsoluteUri),
            // Asked for once; its refresh every two seconds belongs to no run.
            ("ExecutorClient:CatalogueAge", "00:01:00"),
            // Redis runs in this process too, beside all the other tests.
            ("AnswerCache:Deadline", "00:00:05"),
        ]);
    }

    /// <summary>Speaks to the API.</summary>
    public HttpClient Http => _api.Http;

    public int ExecutorPort { get; }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _executor.DisposeAsync();
    }

    private static (string Key, string Value)[] Settings(string database, int redisPort, string modelUrl) =>
    [
        ($"ConnectionStrings:{ResourceNames.Database}", database),
        ($"ConnectionStrings:{ResourceNames.Cache}", $"127.0.0.1:{redisPort}"),
        ("Models:Default:Provider", "openai"),
        ("Models:Default:Endpoint", modelUrl),
        ("Models:Default:Model", "fake-model"),
        ("Logging:LogLevel:Default", "None"),
        ("Logging:LogLevel:Orleans", "None"),
        ("Logging:LogLevel:Microsoft.Hosting.Lifetime", "None"),
    ];

    /// <typeparam name="TEntry">Any type of the service's assembly names its entry point.</typeparam>
    private sealed class Service<TEntry> : WebApplicationFactory<TEntry>
        where TEntry : class
    {
        private readonly IReadOnlyList<(string Key, string Value)> _settings;

        public Service(IReadOnlyList<(string Key, string Value)> settings)
        {
            _settings = settings;
            UseKestrel();
            StartServer();
            Http = CreateDefaultClient();
        }

        public HttpClient Http { get; }

        public Uri Address => Http.BaseAddress!;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            // The port is a setting and not a parameter of UseKestrel, which is applied while the entry point may already be starting the server.
            builder.UseSetting("urls", "http://127.0.0.1:0");
            foreach (var (key, value) in _settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
