using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace AgentPlatform.Api.Quotas;

/// <summary>Names in Redis. The braces keep a tenant's on one node of a cluster, because one script touches two of them.</summary>
internal static class QuotaNames
{
    public const string Probe = "quota:probe";

    private const int DigestBytes = 16;

    /// <summary>A digest: whoever signs tokens chooses their subjects, long ones too.</summary>
    public static RedisKey Bucket(string tenant, string caller) =>
        $"quota:{{{tenant}}}:requests:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller)).AsSpan(0, DigestBytes))}";

    public static RedisKey Places(string tenant) => $"quota:{{{tenant}}}:places";
}
