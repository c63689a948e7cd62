using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Core.Wire.Events;

/// <summary>The run was accepted. Everything that decides what it will do is fixed here.</summary>
public sealed record RunStarted : RunEvent
{
    public required string Agent { get; init; }

    /// <summary>Content hash of the definition the run stays on.</summary>
    public required string AgentVersion { get; init; }

    public required string Question { get; init; }

    public string? SessionId { get; init; }

    /// <summary>The session's turn this run writes, from 1; null without a session.</summary>
    public int? Turn { get; init; }

    /// <summary>First turn of the conversation window the model sees; null when it sees none.</summary>
    public int? HistoryFrom { get; init; }

    /// <summary>Wall clock of the run, milliseconds, counted from <see cref="RunEvent.At"/>.</summary>
    public long TimeoutMs { get; init; }

    /// <summary>Tokens set aside for it in a budget: it stops there, if not at its agent's limit before. Null without such a budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MaxTotalTokens { get; init; }

    /// <summary>The same in US dollars.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? MaxCostUsd { get; init; }

    public bool Background { get; init; }

    /// <summary>
    /// Accepted into a queue: work begins with a <see cref="RunResumed"/> that came <see cref="RunResumed.FromQueue"/>. The wall clock stands still until
    /// then, and the conversation it sees is what stands before its turn when it begins.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Queued { get; init; }

    /// <summary>Milliseconds the message had waited before this, for the session's floor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long WaitedMs { get; init; }

    /// <summary>What the conversation was about before the turns of the window; null when the agent keeps no summary, or there is nothing to sum up.</summary>
    public string? Summary { get; init; }

    /// <summary>Results that anybody may have written had entered the conversation before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Untrusted { get; init; }

    /// <summary>The caller's label for the person who asked; fills <c>{user}</c> in instructions.</summary>
    public string? User { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What the API wanted to find here again; null for a run that it does not tell of in another dialect.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Echo { get; init; }

    /// <summary>What the caller brought besides the question; null for a question that stands alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallerContext? Context { get; init; }

    /// <summary>SHA-256 of the request, by which its repetition finds the run; null where none can come.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestHash { get; init; }

    /// <summary>The executor process that accepted it.</summary>
    public required string Executor { get; init; }

    /// <summary>W3C trace context of the request, so that a resumed run stays in its trace.</summary>
    public string? TraceParent { get; init; }
}
