using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>
/// The HTTP client of all model calls. It has no resilience handler and no timeout of its own: <see cref="ModelCaller"/> owns the
/// retries and every caller passes its deadline as a token. Its loggers are off because the spans of the call say the same.
/// </summary>
internal static class ModelHttpClient
{
    public const string Name = "model";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddModelHttpClient(this IServiceCollection services)
    {
        services.AddHttpClient(Name, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.ConnectTimeout = ConnectTimeout;
                handler.PooledConnectionLifetime = ConnectionLifetime;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler(static provider => new SecretFreeErrors(provider.GetRequiredService<SecretMask>()))
            .AddHttpMessageHandler(static () => new ReplyRepairHandler())
            .AddHttpMessageHandler(static provider => new FaultyModelHandler(provider.GetRequiredService<TimeProvider>()))
            .RemoveAllLoggers();
        return services;
    }
}
