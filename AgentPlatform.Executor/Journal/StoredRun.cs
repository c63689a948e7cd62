using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Journal;

/// <summary>A run read back from the journal.</summary>
/// <param name="Events">All events in order of <see cref="RunEvent.Seq"/>.</param>
/// <param name="Epoch">The run's present epoch, from its row in <c>runs</c>.</param>
/// <param name="Owner">The executor process that holds it, from its row in <c>runs</c>.</param>
internal sealed record StoredRun(IReadOnlyList<RunEvent> Events, long Epoch, Guid Owner)
{
    /// <summary>A turn of its conversation and nothing else: no caller finds it.</summary>
    public bool Hidden { get; init; }
}
