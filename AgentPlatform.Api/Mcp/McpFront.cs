using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Mcp.Sessions;
using AgentPlatform.Api.Mcp.Tools;
using AgentPlatform.Core.Identity;
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
        services.TryAddSingleton<McpFailures>();
        services.TryAddSingleton<AgentTools>();
        services.TryAddSingleton<AgentToolCall>();
        services.TryAddSingleton<SessionResources>();
        services.TryAddSingleton<SessionCompletion>();

        services.AddLogging(logging => logging.AddFilter("ModelContextProtocol", LogLevel.None));
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
            .WithListToolsHandler(static (request, cancellationToken) =>
                Guarded<AgentTools, ListToolsResult>(request.Services, tools => tools.ListAsync(cancellationToken)))
            .WithCallToolHandler(static (request, cancellationToken) =>
                Guarded<AgentToolCall, CallToolResult>(request.Services, call => call.CallAsync(request, cancellationToken)))
            .WithListResourcesHandler(static (request, cancellationToken) =>
                Guarded<SessionResources, ListResourcesResult>(request.Services, sessions => sessions.ListAsync(request, cancellationToken)))
            .WithListResourceTemplatesHandler(static (_, _) => ValueTask.FromResult(SessionResources.Templates()))
            .WithReadResourceHandler(static (request, cancellationToken) =>
                Guarded<SessionResources, ReadResourceResult>(request.Services, sessions => sessions.ReadAsync(request, cancellationToken)))
            .WithCompleteHandler(static (request, cancellationToken) =>
                Guarded<SessionCompletion, CompleteResult>(request.Services, sessions => sessions.CompleteAsync(request, cancellationToken)));
        return services;
    }

    public static IEndpointConventionBuilder MapMcpFront(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMcp(Path)
            .RequireScope(Scopes.Run)
            .AddEndpointFilter<IEndpointConventionBuilder, OriginFilter>()
            .AddEndpointFilter<IEndpointConventionBuilder, MessageFilter>()
            .AddEndpointFilter<IEndpointConventionBuilder, ClientIdFilter>()
            .AddEndpointFilter<IEndpointConventionBuilder, CancellationFilter>()
            .ExcludeFromDescription();

    private static ValueTask<TResult> Guarded<THandler, TResult>(IServiceProvider? services, Func<THandler, ValueTask<TResult>> handle)
        where THandler : notnull =>
        services!.GetRequiredService<McpFailures>().GuardAsync(handle(services!.GetRequiredService<THandler>()));
}
