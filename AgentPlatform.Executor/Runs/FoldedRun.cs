using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>A run as far as its journal can be folded: for those who read, and must not fail where a journal is broken.</summary>
/// <param name="State">Up to the last event that fits.</param>
/// <param name="Broken">Why the next one does not, as a sentence; null for a whole journal.</param>
internal sealed record FoldedRun(RunState State, string? Broken)
{
    public static FoldedRun Of(IEnumerable<RunEvent> events)
    {
        var state = RunState.Empty;
        foreach (var next in events)
        {
            try
            {
                state = state.Apply(next);
            }
            catch (InvalidOperationException exception)
            {
                return new FoldedRun(state, exception.Message);
            }
        }

        return new FoldedRun(state, state.Started is null ? "The run has no beginning." : null);
    }

    /// <summary>The events of appends in their order, as far as they can be read.</summary>
    public static List<RunEvent> Read(IEnumerable<string> appends)
    {
        var events = new List<RunEvent>();
        foreach (var append in appends)
        {
            try
            {
                events.AddRange(JsonSerializer.Deserialize<List<RunEvent>>(append, WireJson.Options) ?? []);
            }
            catch (JsonException)
            {
                return events;
            }
        }

        return events;
    }
}
