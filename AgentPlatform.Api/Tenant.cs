using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api;

/// <summary>Whose data a request may touch. Every endpoint asks here, and nothing of the body or the query can change it.</summary>
internal static class Tenant
{
    /// <summary>The tenant of the caller: everybody is local as long as no identity is configured.</summary>
    public static string Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return InternalWire.LocalTenant;
    }
}
