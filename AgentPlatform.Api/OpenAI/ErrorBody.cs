using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI;

/// <summary>The body of every error below <c>/v1</c>.</summary>
internal sealed record ErrorBody(ErrorFacts Error);

/// <param name="Type">OpenAI's word for the kind of error.</param>
/// <param name="Param">The parameter at fault, or null.</param>
/// <param name="Code">The platform's stable word.</param>
internal sealed record ErrorFacts(string Message, string Type, string? Param, string? Code)
{
    /// <summary>Ours: the run, when there was one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RunId { get; init; }
}
