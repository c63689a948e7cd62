using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Connections of everything done for one tenant, EF Core's queries included. They speak as <see cref="DatabaseRoles.Application"/>, to which every table is empty
/// until a transaction says for which tenant it is: so there is no connection to be had here, only <see cref="For"/>.
/// </summary>
internal sealed class ApplicationDataSource : IAsyncDisposable
{
    private readonly NpgsqlDataSource _connections;

    public ApplicationDataSource(string connectionString, StorageOptions options)
    {
        var settings = StoreConnection.Settings(connectionString, options, "application", DatabaseRoles.Application);
        settings.MaxPoolSize = options.ApplicationPoolSize;
        settings.CommandTimeout = (int)options.ApplicationCommandTimeout.TotalSeconds;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(Check, CheckAsync);
        _connections = builder.Build();
    }

    /// <summary>The rows of one tenant, and no others.</summary>
    public TenantDatabase For(string tenantId) => new(_connections, tenantId);

    /// <summary>Puts a context onto these connections. What it asks is asked for <see cref="AgentDbContext.TenantId"/>.</summary>
    public void Serve(DbContextOptionsBuilder options) =>
        options.UseNpgsql(_connections).AddInterceptors(TenantInterceptor.Instance);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    // A pooler between here and the server may drop what a connection starts with; as somebody else it would see everything.
    private static void Check(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT current_user", connection);
        Check(command.ExecuteScalar());
    }

    private static async Task CheckAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT current_user", connection);
        Check(await command.ExecuteScalarAsync());
    }

    private static void Check(object? role)
    {
        if (role is not DatabaseRoles.Application)
        {
            throw new InvalidOperationException(
                $"A connection to Postgres speaks as '{role}' and not as '{DatabaseRoles.Application}': something between the executor and the server drops the startup option '-c role'. Connect to the server itself.");
        }
    }
}
