using AgentPlatform.Api.Identity;

namespace AgentPlatform.Api;

/// <summary>Whose data a request may touch. Every endpoint asks here, and nothing of the body or the query can change it.</summary>
internal static class Tenant
{
    /// <summary>The tenant of the caller, as their key or token says.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked who the caller is: the endpoint is open to all, and must not touch anybody's data.</exception>
    public static string Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.FindFirst(CallerClaims.Tenant)?.Value
            ?? throw new InvalidOperationException("A request without a caller has no tenant.");
    }
}
