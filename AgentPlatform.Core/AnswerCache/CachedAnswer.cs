using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>An answer as it lies in the cache.</summary>
public sealed record CachedAnswer
{
    internal const int CurrentVersion = 1;

    /// <summary>Version of this form; an entry of another version is a miss.</summary>
    public int V { get; init; } = CurrentVersion;

    public required string Answer { get; init; }

    public JsonElement? Output { get; init; }

    /// <summary>The model that wrote it.</summary>
    public required string Model { get; init; }

    public required string AgentVersion { get; init; }

    /// <summary>Tool rounds it took.</summary>
    public int Iterations { get; init; }

    /// <summary>What it cost then.</summary>
    public Usage? Usage { get; init; }

    public required Guid SourceRunId { get; init; }

    public DateTimeOffset WrittenAt { get; init; }

    /// <summary>It was made of results that anybody may have written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untrusted { get; init; }

    /// <summary>Until then it is a hit.</summary>
    public DateTimeOffset FreshUntil { get; init; }

    /// <summary>Until then it may stand in for a run that failed.</summary>
    public DateTimeOffset StaleUntil { get; init; }

    /// <summary>The answer of a run that completed; its times are set when it is stored.</summary>
    public static CachedAnswer Of(RunOutcome outcome) => new()
    {
        Answer = outcome.Answer ?? throw new ArgumentException("Only a completed run has an answer.", nameof(outcome)),
        Output = outcome.Output,
        Model = outcome.Model ?? throw new ArgumentException("An answer has a model that wrote it.", nameof(outcome)),
        AgentVersion = outcome.AgentVersion,
        Iterations = outcome.Iterations,
        Usage = outcome.Usage,
        SourceRunId = outcome.RunId,
        Untrusted = outcome.Untrusted,
    };
}
