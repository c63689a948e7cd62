using AgentPlatform.Api.Identity;
using AgentPlatform.Core.Identity;
using ModelContextProtocol;

namespace AgentPlatform.Api.Mcp.Sessions;

/// <summary>Who calls agents at <c>/mcp</c> need not be one who may read conversations: those ask for the scope that <c>GET /sessions</c> asks for.</summary>
internal static class SessionScope
{
    /// <summary>Whose conversations the caller may read.</summary>
    /// <exception cref="McpProtocolException">None.</exception>
    public static string TenantOf(HttpContext context) => context.User.HasClaim(CallerClaims.Scope, Scopes.Read)
        ? Tenant.Of(context)
        : throw new McpProtocolException($"Conversations need the scope '{Scopes.Read}', which your key or token does not have.", McpErrorCode.InvalidRequest);
}
