using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>The journal of one run, read back with doubt.</summary>
/// <param name="Events">As far as they can be read, gaps and all.</param>
/// <param name="State">As far as they can be folded.</param>
/// <param name="Broken">Why no further, as a sentence; null for a whole journal.</param>
/// <param name="HasGap">The reason is a sequence that does not go on.</param>
internal sealed record StoredJournal(IReadOnlyList<RunEvent> Events, RunState State, string? Broken, bool HasGap)
{
    public static StoredJournal Read(IEnumerable<string> appends)
    {
        var events = new List<RunEvent>();
        string? unreadable = null;
        foreach (var append in appends)
        {
            try
            {
                events.AddRange(JsonSerializer.Deserialize<List<RunEvent>>(append, WireJson.Options)!);
            }
            catch (JsonException)
            {
                unreadable = $"What follows event {(events.Count == 0 ? 0 : events[^1].Seq)} cannot be read.";
                break;
            }
        }

        var (state, broken) = FoldedRun.Of(events);
        var hasGap = events.Where((next, place) => next.Seq != place + 1).Any();
        return new StoredJournal(events, state, broken ?? unreadable, hasGap);
    }
}
