using System.Collections.Concurrent;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>What the world outside saw of a run, and every broken promise that can be seen at the moment it is broken.</summary>
internal sealed class Ledger(MemoryJournal journal, Guid runId)
{
    private readonly ConcurrentQueue<string> _violations = [];
    private readonly ConcurrentDictionary<string, byte> _transcripts = [];
    private readonly ConcurrentQueue<TakenEffect> _effects = [];

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>Each different one once.</summary>
    public IEnumerable<string> Transcripts => _transcripts.Keys;

    public IReadOnlyCollection<TakenEffect> Effects => _effects;

    public void Violate(string what) => _violations.Enqueue(what);

    public void Asked(List<ChatMessage> messages)
    {
        _transcripts.TryAdd(SeenTranscript.Render(messages), 0);
        if (!SeenTranscript.IsPaired(messages))
        {
            Violate("the model saw a call without exactly one result behind it");
        }

        // What changed the world is told to nobody before it is written down.
        var seen = messages.SelectMany(message => message.Contents.OfType<FunctionResultContent>()).Select(result => result.CallId).ToHashSet();
        foreach (var call in RunState.Fold(journal.Events).PendingCalls)
        {
            Demand(
                call.Effect is not (ToolEffect.Idempotent or ToolEffect.Write) || !seen.Contains(call.Call.CallId),
                $"the model saw the result of {call.Call.CallId} before it was durable");
        }
    }

    /// <summary>A tool was reached.</summary>
    public void Entered(RunProcess process, ToolEffect effect, ToolCallContext call)
    {
        var state = RunState.Fold(journal.Events);
        var stored = state.Calls.FirstOrDefault(known => known.Call.CallId == call.CallId);
        var changes = effect is ToolEffect.Idempotent or ToolEffect.Write;
        Demand(stored is not null, $"{call.CallId} was called before the reply that asks for it was durable");
        Demand(!changes || stored?.Effect is not null, $"{call.CallId} was called before its intent was durable");
        Demand(call.IdempotencyKey == $"{runId}:{call.CallId}", $"{call.CallId} came under the key {call.IdempotencyKey}");

        // What runs side by side may come through the door a moment after its process lost the run; what changes the world runs alone.
        var lease = process.Lease.Lease;
        Demand(!changes || (lease.IsValid && lease.Epoch == process.EpochOfLease), $"{call.CallId} was called without a lease");
        Demand(stored?.Result is null or { Synthetic: true } || !process.IsOwner, $"{call.CallId} was called again although its result is in the journal");
    }

    public void Took(ToolEffect effect, string tool, string text, ToolCallContext call) =>
        _effects.Enqueue(new TakenEffect(effect, tool, text, call.CallId, call.IdempotencyKey));

    /// <summary>A process says how the run stands: all of it must be durable.</summary>
    public void Told(RunState told, List<RunEvent> events)
    {
        var stored = RunState.Fold(events.TakeWhile(one => one.Seq <= told.LastSeq));
        Demand(
            stored.LastSeq == told.LastSeq && Verdict.Of(stored).SequenceEqual(Verdict.Of(told)),
            $"the run was told to stand at {told.LastSeq} ({told.Status}), and the journal holds {stored.LastSeq} ({stored.Status})");
    }

    private void Demand(bool kept, string otherwise)
    {
        if (!kept)
        {
            Violate(otherwise);
        }
    }
}
