using AgentPlatform.Api.OpenAI.Chat;
using AgentPlatform.Api.OpenAI.Models;
using AgentPlatform.Api.OpenAI.Responses;
using AgentPlatform.Api.Problems;

namespace AgentPlatform.Api.OpenAI;

/// <summary>The API that official OpenAI clients speak: an agent is a model.</summary>
internal static class OpenAIRoutes
{
    public const string Prefix = "/v1";

    public static IServiceCollection AddOpenAI(this IServiceCollection services)
    {
        services.AddSingleton<RepeatedRequests>();
        services.AddSingleton<ChatAsking>();
        return services.AddResponses();
    }

    public static RouteGroupBuilder MapOpenAI(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(Prefix).WithTags("OpenAI");
        group.AddEndpointFilter(static (context, next) =>
        {
            context.HttpContext.Response.Headers[OpenAIError.RequestIdHeader] = Problem.TraceIdOf(context.HttpContext);
            return next(context);
        });
        group.MapModels();
        group.MapChatCompletions();
        group.MapResponses();
        return group;
    }
}
