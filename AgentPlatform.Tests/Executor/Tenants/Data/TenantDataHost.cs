using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Executor.Tenants.Data;
using AgentPlatform.Tests.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tenants.Data;

/// <summary>Export and removal alone, on Kestrel over a real database; what runs and sessions do is the test's.</summary>
internal sealed class TenantDataHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TenantDataHost(WebApplication app, NpgsqlDataSource connections) => (_app, Connections) = (app, connections);

    public NpgsqlDataSource Connections { get; }

    public string Address => _app.Urls.Single();

    /// <summary>What a session's writer does when it is told to forget.</summary>
    public Func<string, Task> OnForget { get; set; } = _ => Task.CompletedTask;

    public static async Task<TenantDataHost> StartAsync(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        var connectionString = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        TenantDataHost? host = null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:agentdb", connectionString), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        builder.Services.AddDbContextPool<AgentDbContext>(_ => { });
        builder.AddAgentStorage();
        builder.Services.AddExecutorProblems().AddAudit();
        builder.Services.AddSingleton<SessionChanged>((_, session) => host!.OnForget(session));
        builder.Services.AddSingleton<CancelRun>((_, run, _) => host!.ExecuteAsync($"UPDATE runs SET finished_at = now(), status = 'cancelled' WHERE run_id = '{run}'"));
        builder.Services.AddTenantData();
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRouting();
        app.MapTenantData();
        host = new TenantDataHost(app, NpgsqlDataSource.Create(connectionString));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public HttpClient ClientFor(string tenant)
    {
        var client = new HttpClient { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.Add(InternalWire.TenantHeader, tenant);
        client.DefaultRequestHeaders.Add(InternalWire.ActorHeader, "ada");
        return client;
    }

    /// <summary>More than the buffers between a server and a reader who takes nothing hold.</summary>
    public Task StoreMuchAsync(string tenant) => StoreRunsAsync(tenant, 24, "repeat('much ', 400000)");

    /// <summary>Ended runs, each in a session of its own.</summary>
    public Task StoreRunsAsync(string tenant, int count, string question = "'q'") => ExecuteAsync(
        $"""
        INSERT INTO runs (tenant_id, run_id, session_id, turn, agent, agent_version, status, question, iterations, input_tokens, output_tokens, background, owner, epoch, created_at, finished_at)
        SELECT '{tenant}', gen_random_uuid(), 's' || n, 1, 'a', 'v', 'completed', {question}, 0, 0, 0, false, gen_random_uuid(), 1, now(), now() FROM generate_series(1, {count}) n;
        INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at) SELECT '{tenant}', 's' || n, 1, 0, now(), now() FROM generate_series(1, {count}) n
        """);

    public Task StoreOpenRunAsync(string tenant) => ExecuteAsync(
        $"""
        INSERT INTO runs (tenant_id, run_id, session_id, turn, agent, agent_version, status, question, iterations, input_tokens, output_tokens, background, owner, epoch, created_at)
        SELECT '{tenant}', id, id::text, 1, 'late', 'v', 'running', 'q', 0, 0, 0, false, id, 1, now() FROM gen_random_uuid() id
        """);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Connections.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<string?> AskAsync(string sql)
    {
        await using var command = Connections.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    /// <summary>What the audit says of a tenant, oldest first.</summary>
    public Task<string?> AuditAsync(string tenant) => AskAsync($"SELECT string_agg(actor || ' ' || action, ', ' ORDER BY event_id) FROM audit_events WHERE tenant_id = '{tenant}'");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Connections.DisposeAsync();
    }
}
