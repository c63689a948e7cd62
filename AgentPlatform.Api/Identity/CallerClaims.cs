using System.Security.Claims;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Identity;

/// <summary>What the platform knows of a caller, however they proved it: a tenant, a name, and scopes.</summary>
internal static class CallerClaims
{
    public const string Tenant = "agentplatform:tenant";
    public const string Scope = "agentplatform:scope";
    public const string Caller = "agentplatform:caller";

    /// <param name="caller">Stands in logs and beside decisions: a key's id, a token's subject.</param>
    public static ClaimsIdentity Identity(string tenant, string caller, IEnumerable<string> scopes, string scheme) =>
        new([new Claim(Tenant, tenant), new Claim(Caller, caller), .. scopes.Select(scope => new Claim(Scope, scope))], scheme);

    /// <summary>Stands beside what the caller decides.</summary>
    public static string NameOf(HttpContext context) => context.User.FindFirst(Caller)?.Value ?? "nobody";

    public static ClaimsPrincipal Of(KeyHolder holder, string scheme) =>
        new(Identity(holder.TenantId, $"key:{holder.KeyId}", holder.Scopes, scheme));
}
