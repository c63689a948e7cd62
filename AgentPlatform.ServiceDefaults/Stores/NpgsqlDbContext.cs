using AgentPlatform.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Postgres with EF Core as Aspire's client integration registers it, where that package is not to be had: same call, same services.</summary>
public static class NpgsqlDbContext
{
    /// <summary>
    /// Registers a pooled <typeparamref name="TContext"/> on <c>ConnectionStrings:{connectionName}</c>, with retries and health check. Traces
    /// and metrics come from Npgsql itself. A missing connection string is an error at first use, so that design-time tools run without one.
    /// </summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder, string connectionName, Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        var connectionString = builder.Configuration.GetConnectionString(connectionName);
        builder.Services.AddDbContextPool<TContext>(options =>
        {
            if (string.IsNullOrWhiteSpace(connectionString))
            {
                throw ConnectionStrings.Missing(connectionName, $"Host=localhost;Username=postgres;Password=…;Database={connectionName}");
            }

            options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure());
            configureDbContextOptions?.Invoke(options);
        });
        builder.Services.AddHealthChecks().AddDbContextCheck<TContext>(typeof(TContext).Name);
    }
}
