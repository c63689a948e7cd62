using System.Text.Json.Serialization;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Says that an answer is not the agent's own full answer, what it is instead, and why.</summary>
/// <param name="Tried">The rungs of the ladder that were tried; absent for an answer of the run itself.</param>
/// <param name="Recorded">Whether the response can be read again; absent for an answer of the run itself.</param>
internal sealed record ResponseDegraded(
    DegradationLevel Level,
    FailureReason Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TriedRung>? Tried = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Recorded = null);
