using AgentPlatform.Core.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Identity;

/// <summary>Which scope an endpoint asks for. Every endpoint states one, or that it is open to all; a test holds them to it.</summary>
internal static class ScopeRules
{
    private const string OperatorPolicy = "operator";

    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(PolicyName(scope)).WithMetadata(new RequiredScope(scope));

    /// <summary>The scope opens it only to the tenant that runs the installation.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(OperatorPolicy).WithMetadata(new OperatorsOnly());

    /// <summary>One policy for each scope; what states nothing is open to nobody who is not known.</summary>
    public static void AddScopes(this AuthorizationBuilder authorization)
    {
        authorization.AddPolicy(OperatorPolicy, policy => policy.RequireAssertion(static context =>
            context.Resource is HttpContext http
            && context.User.HasClaim(CallerClaims.Tenant, http.RequestServices.GetRequiredService<IOptions<IdentityOptions>>().Value.OperatorTenant)));
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(PolicyName(scope), policy => policy.RequireAuthenticatedUser().RequireClaim(CallerClaims.Scope, scope));
        }

        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static string PolicyName(string scope) => $"scope:{scope}";
}
