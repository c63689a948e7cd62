using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Problems;

/// <summary>Body of every <c>application/problem+json</c> of the executor.</summary>
internal sealed record ProblemBody
{
    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable word, one of <c>ProblemCodes</c>.</summary>
    public required string Code { get; init; }

    public required string TraceId { get; init; }

    /// <summary>The part of the request at fault.</summary>
    public string? Field { get; init; }

    /// <summary>The budget that was exceeded.</summary>
    public BudgetExceeded? Budget { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
