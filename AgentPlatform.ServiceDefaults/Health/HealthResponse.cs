using System.Text.Json.Serialization;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>The body of <c>/health</c>.</summary>
/// <param name="Status"><c>ok</c>; <c>degraded</c> when something is amiss that the service can do without; <c>down</c> (503) when it cannot.</param>
/// <param name="Timestamp">When the dependencies were asked; up to a second ago.</param>
/// <param name="Dependencies">Each dependency by its resource name.</param>
public sealed record HealthResponse(string Status, DateTimeOffset Timestamp, IReadOnlyDictionary<string, DependencyHealth> Dependencies)
{
    /// <summary>What the service adds, see <see cref="HealthField"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?>? Fields { get; init; }
}

/// <summary>One dependency.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>down</c>.</param>
/// <param name="Ms">How long the check took, in milliseconds.</param>
/// <param name="Detail">What is wrong, in words made for a reader; never an exception's text.</param>
public sealed record DependencyHealth(string Status, double Ms, string? Detail);
