using System.Text.Json;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Runs.Queries;

/// <summary>Statuses as the database and the wire spell them.</summary>
internal static class RunStatusWords
{
    private static readonly Dictionary<string, RunStatus> Statuses =
        Enum.GetValues<RunStatus>().ToDictionary(Word, StringComparer.Ordinal);

    public static string All { get; } = string.Join(", ", Statuses.Keys);

    public static string Word(RunStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    public static RunStatus Read(string word) => Statuses[word];

    public static bool TryRead(string word, out RunStatus status) => Statuses.TryGetValue(word, out status);
}
