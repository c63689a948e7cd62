using System.Collections.Concurrent;
using System.Text.Json;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>Names of holes, scopes and events in snake_case (<c>RunId</c> → <c>run_id</c>), each converted once.</summary>
internal static class LogFieldNames
{
    /// <summary>Names come from code, a few hundred at most; a scope whose keys are data must not grow the table for ever.</summary>
    private const int MaxRemembered = 1000;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    internal static string SnakeCase(string name)
    {
        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        var converted = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
        if (Known.Count < MaxRemembered)
        {
            Known.TryAdd(name, converted);
        }

        return converted;
    }
}
