using System.Text;
using OpenAI.Chat;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>
/// Collects tool calls with the very text that the model wrote as arguments. Microsoft.Extensions.AI parses that text and drops it
/// when it is no JSON object; the SDK's objects, which travel as <c>RawRepresentation</c>, still have it: whole in a
/// <see cref="ChatCompletion"/>, in pieces in <see cref="StreamingChatCompletionUpdate"/>s.
/// </summary>
internal sealed class RawToolCalls
{
    private readonly List<Slot> _slots = [];

    public bool AnyWithoutId => _slots.Exists(slot => slot.Id is null);

    public int Count => _slots.Count;

    public void Add(ChatCompletion completion)
    {
        foreach (var call in completion.ToolCalls)
        {
            var slot = new Slot(_slots.Count) { Id = call.Id, Name = call.FunctionName };
            slot.Arguments.Append(call.FunctionArguments);
            _slots.Add(slot);
        }
    }

    public void Add(StreamingChatCompletionUpdate update)
    {
        foreach (var piece in update.ToolCallUpdates)
        {
            var slot = SlotOf(piece);
            slot.Id ??= piece.ToolCallId;
            slot.Name ??= piece.FunctionName;
            if (piece.FunctionArgumentsUpdate is { } arguments && !arguments.ToMemory().IsEmpty)
            {
                slot.Arguments.Append(arguments);
            }
        }
    }

    public IEnumerable<ModelToolCall> Build() =>
        _slots.Where(slot => !string.IsNullOrWhiteSpace(slot.Name))
            .Select(slot => new ModelToolCall(slot.Id ?? "", slot.Name!, slot.Arguments.ToString()));

    /// <summary>Pieces belong together by index; some servers number every call 0 and tell them apart by id only.</summary>
    private Slot SlotOf(StreamingChatToolCallUpdate piece)
    {
        var slot = _slots.FindLast(known => known.Index == piece.Index);
        if (slot is null || (!string.IsNullOrEmpty(piece.ToolCallId) && !string.IsNullOrEmpty(slot.Id) && piece.ToolCallId != slot.Id))
        {
            slot = new Slot(piece.Index);
            _slots.Add(slot);
        }

        return slot;
    }

    private sealed class Slot(int index)
    {
        public int Index { get; } = index;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
