using AgentPlatform.ServiceDefaults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Storage;

/// <summary>Registration of everything that talks to Postgres by connection.</summary>
internal static class AgentStorage
{
    /// <summary>
    /// Adds the two data sources and the migration at start. Beside it stands
    /// <c>AddNpgsqlDbContext&lt;AgentDbContext&gt;(ResourceNames.Database)</c>; the context then runs on <see cref="ApplicationDataSource"/>.
    /// </summary>
    public static IHostApplicationBuilder AddAgentStorage(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString(ResourceNames.Database);
        builder.Services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                _ => !string.IsNullOrWhiteSpace(connectionString),
                $"ConnectionStrings:{ResourceNames.Database} is empty: set ConnectionStrings__{ResourceNames.Database} to the Postgres database.")
            .ValidateOnStart();

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => new WriterDataSource(connectionString ?? "", Options(services)));
        builder.Services.TryAddSingleton(services => new ApplicationDataSource(connectionString ?? "", Options(services)));
        builder.Services.ConfigureDbContext<AgentDbContext>((services, options) =>
        {
            services.GetRequiredService<ApplicationDataSource>().Serve(options);
            options.UseSnakeCaseNamingConvention();
        });
        builder.Services.TryAddSingleton<TenantContexts>();
        builder.Services.TryAddSingleton<AppliedMigrations>();
        builder.Services.AddHostedService(services => new DatabaseMigration(
            connectionString ?? "", services.GetRequiredService<AppliedMigrations>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<DatabaseMigration>>()));
        return builder;
    }

    private static StorageOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<StorageOptions>>().Value;
}
