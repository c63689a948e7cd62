using System.Collections.Concurrent;
using AgentPlatform.Executor.Cluster;
using AgentPlatform.Executor.Storage;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Tests.Executor.Cluster;

/// <summary>One silo as the executor registers it, in this process, on ports of loopback.</summary>
internal sealed class SiloUnderTest : IAsyncDisposable
{
    private readonly IHost _host;

    private SiloUnderTest(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection([new($"ConnectionStrings:{ResourceNames.Database}", connectionString)]);
        builder.Logging.AddProvider(new TestLogs()).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDbContextPool<AgentDbContext>(_ => { });
        builder.AddAgentStorage();
        builder.AddAgentCluster(silo =>
        {
            silo.Services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler>(new RecordedDeath(Deaths)));
            silo.Services.AddSingleton<PostgresMembershipTable>();
            silo.Services.Replace(ServiceDescriptor.Singleton<IMembershipTable, SeverableTable>());
        });
        _host = builder.Build();
    }

    /// <summary>What would have ended the process.</summary>
    public ConcurrentQueue<string> Deaths { get; } = [];

    public SiloAddress Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public IMembershipTable Table => _host.Services.GetRequiredService<IMembershipTable>();

    public static async Task<SiloUnderTest> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var silo = new SiloUnderTest(connectionString);
        await silo._host.StartAsync(cancellationToken);
        return silo;
    }

    /// <summary>Silos the cluster takes for alive, asked through a grain.</summary>
    public async Task<SiloAddress[]> ActiveAsync()
    {
        var management = _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var hosts = await management.GetHosts(onlyActive: true);
        return [.. hosts.Keys.Order()];
    }

    /// <summary>As a kill: the silo falls silent and its row stays as it was.</summary>
    public async Task KillAsync()
    {
        ((SeverableTable)Table).Severed = true;
        await StopAtOnceAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await _host.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await StopAtOnceAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private async Task StopAtOnceAsync()
    {
        try
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or AggregateException)
        {
            // It is going down the hard way.
        }
    }

    private sealed class RecordedDeath(ConcurrentQueue<string> deaths) : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
            deaths.Enqueue($"{context} {exception?.Message}");
    }
}
