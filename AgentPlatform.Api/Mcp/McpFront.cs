using AgentPlatform.Api.Mcp.Sessions;
using AgentPlatform.Api.Mcp.Tools;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// The platform as an MCP server at <c>/mcp</c>: agents are tools, conversations are resources. Nothing is kept between two requests, so that every
/// API process serves every client.
/// </summary>
internal static class McpFront
{
    public const string Path = "/mcp";

    private const string Instructions =
        "Each tool is an agent: it takes a question and gives an answer, labelled when it is not the agent's own full one. " +
        "With the same session_id an agent remembers what was said; the resources session://{session_id} are these conversations.";

    public static IServiceCollection AddMcpFront(this IServiceCollection services)
    {
        services.AddOptions<McpServerSettings>()
            .BindConfiguration(McpServerSettings.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddHttpContextAccessor();
        services.TryAddSingleton<AgentTools>();
        services.TryAddSingleton<AgentToolCall>();
        services.TryAddSingleton<SessionResources>();
        services.TryAddSingleton<SessionCompletion>();

        // A line for each request and each call says nothing that the platform's own log does not.
        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.Warning));
        services.AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation
                {
                    Name = "agentplatform",
                    Title = "AgentPlatform",
                    Version = typeof(McpFront).Assembly.GetName().Version!.ToString(3),
                };
                server.ServerInstructions = Instructions;
            })
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless)
            .WithListToolsHandler(static (request, cancellationToken) => Get<AgentTools>(request.Services).ListAsync(cancellationToken))
            .WithCallToolHandler(static (request, cancellationToken) => Get<AgentToolCall>(request.Services).CallAsync(request, cancellationToken))
            .WithListResourcesHandler(static (request, cancellationToken) => Get<SessionResources>(request.Services).ListAsync(request, cancellationToken))
            .WithListResourceTemplatesHandler(static (_, _) => ValueTask.FromResult(SessionResources.Templates()))
            .WithReadResourceHandler(static (request, cancellationToken) => Get<SessionResources>(request.Services).ReadAsync(request, cancellationToken))
            .WithCompleteHandler(static (request, cancellationToken) => Get<SessionCompletion>(request.Services).CompleteAsync(request, cancellationToken));
        return services;
    }

    public static IEndpointConventionBuilder MapMcpFront(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMcp(Path)
            .AddEndpointFilter<IEndpointConventionBuilder, OriginFilter>()
            .AddEndpointFilter<IEndpointConventionBuilder, ClientIdFilter>()
            .AddEndpointFilter<IEndpointConventionBuilder, CancellationFilter>()
            .ExcludeFromDescription();

    private static T Get<T>(IServiceProvider? services)
        where T : notnull => services!.GetRequiredService<T>();
}
