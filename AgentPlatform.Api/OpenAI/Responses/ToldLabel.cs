using System.Text.Json;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// What the ladder told instead of a run, besides the words: kept with the run, so that whoever reads the response later is told the same.
/// </summary>
/// <param name="Position">How much of the run's stream the caller had been shown. What the run did behind it is nobody's answer any more.</param>
/// <param name="SourceRunId">The run whose cached answer it is.</param>
/// <param name="InputTokens">Of the run as far as it was known, and of the ladder.</param>
internal sealed record ToldLabel(string Position, DegradationLevel Level, FailureReason Reason, IReadOnlyList<TriedRung> Tried, Guid? SourceRunId, long InputTokens, long OutputTokens, DateTimeOffset At)
{
    /// <summary>For a caller who did not read along: the run's beginning.</summary>
    public static FrameId Beginning { get; } = new(1, 0);

    public FrameId UpTo => FrameId.TryParse(Position, out var position) ? position : Beginning;

    public static ToldLabel? Read(JsonElement? label) => label?.Deserialize(ResponsesJson.Kept.ToldLabel);

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, ResponsesJson.Kept.ToldLabel);
}
