using AgentPlatform.Api.OpenAI;
using AgentPlatform.Api.OpenAI.Chat;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Api.Hosting;

/// <summary>
/// Lets pages of the origins that <see cref="CrossOriginOptions"/> names call the API. A page proves who asks by a key or token that it sends itself: cookies and a browser's
/// own credentials are never let through.
/// </summary>
internal static class CrossOrigins
{
    private static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete];

    /// <summary>What pages may read of an answer besides its body.</summary>
    private static readonly string[] Read =
    [
        HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, "RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        "Idempotency-Replayed", ChatEndpoints.DegradedHeader, OpenAIError.RequestIdHeader, OpenAIError.ShouldRetryHeader, "Mcp-Session-Id",
    ];

    public static WebApplicationBuilder AddCrossOrigins(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CrossOriginOptions>()
            .BindConfiguration(CrossOriginOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>(static (cors, options) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Value.Origins])
            .WithMethods(Methods)
            // OpenAI's client for browsers sends a dozen of its own; headers without cookies prove nothing that the page did not know.
            .AllowAnyHeader()
            .WithExposedHeaders(Read)
            .DisallowCredentials()
            .SetPreflightMaxAge(RememberedFor)));
        return builder;
    }

    public static IApplicationBuilder UseCrossOrigins(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<CrossOriginOptions>>().Value.Origins.Count > 0 ? app.UseCors() : app;
}
