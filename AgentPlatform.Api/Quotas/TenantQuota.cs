namespace AgentPlatform.Api.Quotas;

/// <summary>One tenant's, in place of what holds for all.</summary>
internal sealed class TenantQuota : QuotaLimits
{
    /// <summary>No quota at all.</summary>
    public bool Unlimited { get; set; }
}
