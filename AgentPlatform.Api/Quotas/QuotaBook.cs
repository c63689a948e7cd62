using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Quotas;

/// <summary>Which quota holds for whom.</summary>
internal sealed class QuotaBook(IOptions<QuotaOptions> options)
{
    private readonly Quota? _ofAll = Quota.Of(options.Value);
    private readonly Dictionary<string, Quota?> _ofTenants =
        options.Value.Tenants.ToDictionary(tenant => tenant.Key, tenant => Quota.Of(tenant.Value), StringComparer.Ordinal);

    public bool LimitsConcurrency => _ofTenants.Values.Append(_ofAll).Any(quota => quota?.Concurrent is not null);

    /// <returns>Null: none.</returns>
    public Quota? Of(string tenant) => _ofTenants.TryGetValue(tenant, out var own) ? own : _ofAll;
}
