using System.Security.Claims;
using AgentPlatform.Core.Identity;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Identity;

/// <summary>Which proofs of identity this deployment asks for.</summary>
internal sealed class ConfiguredIdentity(IOptions<IdentityOptions> options, IConfiguration configuration)
{
    private const string Jwt = "Authentication:Schemes:Bearer";

    /// <summary>Any setting of the scheme: a half of one must not leave the door open.</summary>
    public bool HasJwt { get; } = IsJwtConfigured(configuration);

    public bool IsConfigured => HasJwt || options.Value.ApiKeys;

    public static bool IsJwtConfigured(IConfiguration configuration) => configuration.GetSection(Jwt).GetChildren().Any();

    /// <summary>A caller by a token that was found valid.</summary>
    /// <returns>Null when it names no tenant, or one that cannot be.</returns>
    public ClaimsIdentity? Of(ClaimsPrincipal token)
    {
        var tenants = token.FindAll(options.Value.TenantClaim).Select(claim => claim.Value).Distinct().ToList();
        return tenants is [var tenant] && TenantNames.IsValid(tenant)
            ? CallerClaims.Identity(tenant, $"sub:{token.FindFirstValue("sub")}", ScopesOf(token), CallerScheme.Name)
            : null;
    }

    private static IEnumerable<string> ScopesOf(ClaimsPrincipal token) => token.Claims
        .Where(claim => claim.Type is "scope" or "scp")
        .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(Scopes.All.Contains)
        .Distinct();
}
