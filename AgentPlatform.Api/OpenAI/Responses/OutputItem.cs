using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Something a response consists of.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OutputMessage), "message")]
[JsonDerivedType(typeof(OutputCall), "function_call")]
internal abstract record OutputItem
{
    public required string Id { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c>, or <c>incomplete</c> for a text that does not count.</summary>
    public required string Status { get; init; }
}

/// <summary>Text for the person.</summary>
internal sealed record OutputMessage : OutputItem
{
    public string Role { get; } = "assistant";

    public IReadOnlyList<OutputText> Content { get; init; } = [];
}

/// <summary>A call of a tool at the caller's, whose result is to come with the next request.</summary>
internal sealed record OutputCall : OutputItem
{
    public required string CallId { get; init; }

    public required string Name { get; init; }

    public required string Arguments { get; init; }
}

/// <summary>A piece of a message; there is one in each.</summary>
internal sealed record OutputText(string Text)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "output_text";

    public IReadOnlyList<string> Annotations { get; } = [];

    public IReadOnlyList<string> Logprobs { get; } = [];
}
