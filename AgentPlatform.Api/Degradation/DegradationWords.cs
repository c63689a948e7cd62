using System.Text.Json;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>Levels and reasons as the words that bodies, metrics and logs share.</summary>
internal static class DegradationWords
{
    public static string Word(this DegradationLevel level) => JsonNamingPolicy.SnakeCaseLower.ConvertName(level.ToString());

    public static string Word(this FailureReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
