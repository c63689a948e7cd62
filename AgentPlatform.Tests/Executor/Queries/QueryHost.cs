using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Idempotency;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Runs.Explaining;
using AgentPlatform.Executor.Runs.Queries;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Queries;

/// <summary>The executor's reading endpoints alone, on Kestrel over a real database.</summary>
internal sealed class QueryHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private QueryHost(WebApplication app, string connectionString) => (_app, Connections) = (app, NpgsqlDataSource.Create(connectionString));

    /// <summary>Those of whoever looks after the server.</summary>
    public NpgsqlDataSource Connections { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<QueryHost> StartAsync(string connectionString)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:agentdb", connectionString)]);
        // As the executor registers it: pooled, with retries that would go on for minutes, then onto the application's connections.
        builder.Services.AddDbContextPool<AgentDbContext>(options => options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure()));
        builder.AddAgentStorage();
        builder.Services.AddSingleton<FindAgentVersion>(services => new AgentVersionStore(services.GetRequiredService<ApplicationDataSource>()).LoadAsync);
        builder.Services.AddExecutorProblems().AddRunQueries().AddSessionStorage().AddIdempotency();

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRouting();
        app.MapRunQueries();
        app.MapSessions();
        app.MapIdempotency();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new QueryHost(app, connectionString);
    }

    /// <summary>A client that speaks for one tenant.</summary>
    public HttpClient ClientFor(string tenant)
    {
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        client.DefaultRequestHeaders.Add(InternalWire.TenantHeader, tenant);
        return client;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Stores rows as the journal would.</summary>
    public async Task StoreAsync(params IEnumerable<object> rows)
    {
        await using var database = PostgresFixture.CreateContext(Connections);
        database.AddRange(rows);
        await database.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> AskAsync<T>(Func<AgentDbContext, Task<T>> question)
    {
        await using var database = PostgresFixture.CreateContext(Connections);
        return await question(database);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Connections.DisposeAsync();
    }
}
