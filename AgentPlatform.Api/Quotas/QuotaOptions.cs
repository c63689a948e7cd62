using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Quotas;

/// <summary>
/// Section <c>Quotas</c>: how often a caller may ask, and how much a tenant may have under way. What stands here holds for all; without a limit nothing is
/// counted and Redis is not asked.
/// </summary>
internal sealed class QuotaOptions : QuotaLimits
{
    public const string Section = "Quotas";

    /// <summary>By name, in place of the limits for all.</summary>
    public Dictionary<string, TenantQuota> Tenants { get; } = new(StringComparer.Ordinal);

    public OnOutage OnOutage { get; set; } = OnOutage.Open;

    /// <summary>How long a request may wait for Redis to count it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Between two probes while Redis is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>So long a process that died still counts as answering what it answered; the living renew each third of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);
}
