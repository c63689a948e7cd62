using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Queries;

/// <summary>One host for all tests of the reading side; each test has a tenant of its own.</summary>
public sealed class QueryFixture : IAsyncLifetime
{
    private QueryHost? _host;

    internal QueryHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    internal string ConnectionString { get; } = "Host=127.0.0.1;Port=55499;Username=postgres;Database=agentdb";

    internal int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    public async ValueTask InitializeAsync() => _host = await QueryHost.StartAsync(ConnectionString);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class QueryTests : ICollectionFixture<QueryFixture>
{
    public const string Name = "queries";
}
