using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Journal;

/// <summary>Registration of the journal.</summary>
internal static class RunJournal
{
    /// <summary>Adds <see cref="IRunJournal"/>. Register it before whatever appends: hosted services stop in reverse, so the writer stops last.</summary>
    public static IHostApplicationBuilder AddRunJournal(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<JournalOptions>().BindConfiguration(JournalOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<JournalReader>();
        builder.Services.TryAddSingleton<JournalConnection>();
        builder.Services.TryAddSingleton<PostgresJournal>();
        builder.Services.TryAddSingleton<IRunJournal>(services => services.GetRequiredService<PostgresJournal>());
        builder.Services.AddHostedService<JournalWriter>();
        return builder;
    }
}
