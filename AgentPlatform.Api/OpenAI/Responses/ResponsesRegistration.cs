using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What <see cref="ResponseEndpoints"/> need besides the request path of all questions.</summary>
internal static class ResponsesRegistration
{
    public static IServiceCollection AddResponses(this IServiceCollection services)
    {
        services.TryAddSingleton<StoredResponses>();
        services.TryAddSingleton<ResponseConversations>();
        services.TryAddSingleton<ResponseCreation>();
        services.TryAddSingleton<ResponseFollowing>();
        services.TryAddSingleton<ResponseAsking>();
        return services;
    }
}
