using AgentPlatform.Core.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Api.Identity;

/// <summary>Who may call. Outside Development the API does not start without a way to tell.</summary>
internal static class IdentityRegistration
{
    /// <summary>Two machines' clocks differ by less, where anybody looks after them.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<IdentityOptions>()
            .BindConfiguration(IdentityOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.ApiKeys || ConfiguredIdentity.IsJwtConfigured(builder.Configuration) || builder.Environment.IsDevelopment(),
                "No identity is configured: outside Development the API does not start open to everybody. Set Identity__ApiKeys=true for API keys, or configure JWTs in Authentication:Schemes:Bearer (Authority or SigningKeys, ValidIssuer, ValidAudiences).")
            .ValidateOnStart();
        services.AddOptions<InternalKeyOptions>()
            .BindConfiguration(InternalKeyOptions.Section)
            .Validate(
                options => options.Key is not null || builder.Environment.IsDevelopment(),
                "Internal:Key is missing: outside Development executors answer only those who have it. Set Internal__Key to the text that the executors have.")
            .ValidateOnStart();
        services.TryAddSingleton<ConfiguredIdentity>();
        services.TryAddSingleton<KnownKeys>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedCaller>();

        var authentication = services.AddAuthentication(CallerScheme.Name).AddScheme<AuthenticationSchemeOptions, CallerScheme>(CallerScheme.Name, null);
        if (ConfiguredIdentity.IsJwtConfigured(builder.Configuration))
        {
            authentication.AddJwtBearer(HardenTokens);
        }

        services.AddAuthorizationBuilder().AddScopes();
        return builder;
    }

    public static IApplicationBuilder UseIdentity(this IApplicationBuilder app) => app.UseAuthentication().UseAuthorization();

    /// <summary>Issuer, audience, keys and authority come from the configuration; what is never up for choice stands here.</summary>
    private static void HardenTokens(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.IncludeErrorDetails = false;
        var checks = options.TokenValidationParameters;
        checks.ClockSkew = ClockSkew;
        checks.RequireSignedTokens = true;
        checks.RequireExpirationTime = true;
        checks.ValidateIssuer = true;
        checks.ValidateAudience = true;
        checks.ValidateLifetime = true;
        checks.ValidateIssuerSigningKey = true;
    }
}
