using System.Text.Json;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>What the ladder came to.</summary>
internal sealed record LadderAnswer(DegradationLevel Level, string Text)
{
    /// <summary>The name of the model of a text that no model wrote.</summary>
    public const string NoModel = "none";

    public string Model { get; init; } = NoModel;

    /// <summary>What the rungs cost.</summary>
    public Usage Usage { get; init; } = Usage.None;

    public JsonElement? Output { get; init; }

    /// <summary>The cached answer it is.</summary>
    public CachedAnswer? Source { get; init; }

    public IReadOnlyList<TriedRung> Tried { get; init; } = [];
}
