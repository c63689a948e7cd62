using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Budgets;

/// <summary>Registration of budgets.</summary>
internal static class BudgetRegistration
{
    public static IHostApplicationBuilder AddBudgets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddBudgetBook();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<RunBudgets>();
        builder.Services.AddHostedService<BudgetSweeper>();
        return builder;
    }

    /// <summary>The budgets and their account, without runs.</summary>
    public static IServiceCollection AddBudgetBook(this IServiceCollection services)
    {
        // A word nobody knows would be a budget nobody keeps.
        services.AddOptions<BudgetOptions>()
            .BindConfiguration(BudgetOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BudgetOptions>, BudgetOptionsValidator>());
        services.TryAddSingleton<BudgetPlan>();
        services.TryAddSingleton<BudgetBook>();
        return services;
    }
}
