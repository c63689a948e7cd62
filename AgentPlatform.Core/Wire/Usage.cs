using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire;

/// <summary>Tokens and money of one model call or of a whole run.</summary>
/// <param name="InputTokens">Prompt tokens.</param>
/// <param name="OutputTokens">Completion tokens.</param>
/// <param name="CostUsd">US dollars by the configured prices; null when a price of a used model is not configured.</param>
/// <param name="Estimated">True when a model reported no usage and the platform counted characters instead.</param>
public sealed record Usage(long InputTokens, long OutputTokens, decimal? CostUsd, bool Estimated)
{
    /// <summary>Nothing was used: free, and known to be.</summary>
    public static Usage None { get; } = new(0, 0, 0m, false);

    [JsonIgnore]
    public long TotalTokens => InputTokens + OutputTokens;

    /// <summary>The sum; an unknown cost on either side makes the sum unknown.</summary>
    public Usage Plus(Usage other) => new(
        InputTokens + other.InputTokens,
        OutputTokens + other.OutputTokens,
        CostUsd + other.CostUsd,
        Estimated || other.Estimated);
}
