using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>Registration of the door for outgoing calls.</summary>
internal static class OutgoingRegistration
{
    public static IServiceCollection AddOutgoing(this IServiceCollection services)
    {
        services.TryAddSingleton(OutgoingNetwork.System);
        services.TryAddSingleton<OutgoingHttp>();
        return services;
    }
}
