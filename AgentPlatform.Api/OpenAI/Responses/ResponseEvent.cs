using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>One event of a response's stream; which members it has depends on its type.</summary>
internal sealed record ResponseEvent(string Type, int SequenceNumber)
{
    public const string Created = "response.created";
    public const string Queued = "response.queued";
    public const string InProgress = "response.in_progress";
    public const string ItemAdded = "response.output_item.added";
    public const string PartAdded = "response.content_part.added";
    public const string TextDelta = "response.output_text.delta";
    public const string TextDone = "response.output_text.done";
    public const string PartDone = "response.content_part.done";
    public const string ItemDone = "response.output_item.done";
    public const string CallDelta = "response.function_call_arguments.delta";
    public const string CallDone = "response.function_call_arguments.done";
    public const string Completed = "response.completed";
    public const string Incomplete = "response.incomplete";

    /// <summary>Also how a stream ends that cannot go on: there is no other word that official clients know.</summary>
    public const string Failed = "response.failed";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResponseBody? Response { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ItemId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OutputIndex { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ContentIndex { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OutputItem? Item { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OutputText? Part { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Delta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>Of a call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Of a call, all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Arguments { get; init; }

    /// <summary>Always empty where it belongs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Logprobs { get; init; }
}
