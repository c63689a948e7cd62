using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>The response object of the Responses API. Everything in it comes out of the run's journal, so that it is the same wherever and whenever it is read.</summary>
internal sealed record ResponseBody
{
    public required string Id { get; init; }

    [JsonPropertyOrder(-1)]
    public string Object { get; } = "response";

    /// <summary>Seconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    public long? CompletedAt { get; init; }

    /// <summary>One of <see cref="ResponseStatuses"/>.</summary>
    public required string Status { get; init; }

    public required bool Background { get; init; }

    public ResponseError? Error { get; init; }

    public IncompleteDetails? IncompleteDetails { get; init; }

    public string? Instructions { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>The agent.</summary>
    public required string Model { get; init; }

    public IReadOnlyList<OutputItem> Output { get; init; } = [];

    public bool ParallelToolCalls { get; init; } = true;

    public string? PreviousResponseId { get; init; }

    public required bool Store { get; init; }

    public double? Temperature { get; init; }

    public JsonElement Text { get; init; }

    public JsonElement ToolChoice { get; init; }

    public JsonElement Tools { get; init; }

    public double? TopP { get; init; }

    public string Truncation { get; init; } = "disabled";

    public ResponseUsage? Usage { get; init; }

    public string? User { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Ours: null for the agent's own full answer.</summary>
    public ResponseDegraded? Degraded { get; init; }

    /// <summary>Ours: whether the answer came out of the cache.</summary>
    public ResponseCache? Cache { get; init; }

    /// <summary>Ours: calls that wait for a person; absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PendingApproval>? Approvals { get; init; }
}

/// <summary>What went wrong.</summary>
/// <param name="Code">A word of OpenAI's.</param>
/// <param name="Reason">Ours: the platform's word.</param>
internal sealed record ResponseError(string Code, string Message, FailureReason? Reason = null);

/// <param name="Reason"><c>max_output_tokens</c> or <c>content_filter</c>.</param>
internal sealed record IncompleteDetails(string Reason);

internal sealed record ResponseCache(bool Hit, Guid? SourceRunId);

internal sealed record ResponseUsage(
    long InputTokens, InputTokensDetails InputTokensDetails, long OutputTokens, OutputTokensDetails OutputTokensDetails, long TotalTokens)
{
    public static ResponseUsage Of(long input, long output) => new(input, new InputTokensDetails(0), output, new OutputTokensDetails(0), input + output);
}

internal sealed record InputTokensDetails(long CachedTokens);

internal sealed record OutputTokensDetails(long ReasoningTokens);
