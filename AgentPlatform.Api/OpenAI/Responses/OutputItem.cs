using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Something a response consists of.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OutputMessage), "message")]
internal abstract record OutputItem
{
    public required string Id { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c>, or <c>incomplete</c> for a text that does not count.</summary>
    public required string Status { get; init; }
}

/// <summary>Text for the person.</summary>
internal sealed record OutputMessage : OutputItem
{
    public string Role => "assistant";

    public IReadOnlyList<OutputText> Content { get; init; } = [];
}

/// <summary>A piece of a message; there is one in each.</summary>
internal sealed record OutputText(string Text)
{
    [JsonPropertyOrder(-1)]
    public string Type => "output_text";

    public IReadOnlyList<string> Annotations => [];

    public IReadOnlyList<string> Logprobs => [];
}
