using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>A field that a service adds to the body of <c>/health</c>, for example the models it uses. Read anew for each report; left out when it is null, late or fails.</summary>
/// <param name="Name">The field's name, in snake_case.</param>
/// <param name="ReadAsync">Its value, any object that serialises to JSON; no secrets, this is read by everybody.</param>
public sealed record HealthField(string Name, Func<IServiceProvider, CancellationToken, ValueTask<object?>> ReadAsync);

/// <summary>Registration of such fields.</summary>
public static class HealthFields
{
    public static IServiceCollection AddHealthField(
        this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, ValueTask<object?>> readAsync) =>
        services.AddSingleton(new HealthField(name, readAsync));
}
