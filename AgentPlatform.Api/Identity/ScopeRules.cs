using AgentPlatform.Core.Identity;
using Microsoft.AspNetCore.Authorization;

namespace AgentPlatform.Api.Identity;

/// <summary>Which scope an endpoint asks for. Every endpoint states one, or that it is open to all; a test holds them to it.</summary>
internal static class ScopeRules
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(PolicyName(scope)).WithMetadata(new RequiredScope(scope));

    /// <summary>One policy for each scope; what states nothing is open to nobody who is not known.</summary>
    public static void AddScopes(this AuthorizationBuilder authorization)
    {
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(PolicyName(scope), policy => policy.RequireAuthenticatedUser().RequireClaim(CallerClaims.Scope, scope));
        }

        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static string PolicyName(string scope) => $"scope:{scope}";
}
