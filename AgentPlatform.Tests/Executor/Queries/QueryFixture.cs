using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Queries;

/// <summary>One host and one database for all tests of the reading side; each test has a tenant of its own.</summary>
public sealed class QueryFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private QueryHost? _host;

    internal QueryHost Host => _host ?? throw new InvalidOperationException("The host has not started.");

    internal string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        _host = await QueryHost.StartAsync(ConnectionString);
    }

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
