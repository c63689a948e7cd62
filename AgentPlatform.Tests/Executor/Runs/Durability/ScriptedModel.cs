using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>
/// A model that answers as a pure function of the scenario and the messages it is given, so that whoever resumes a run gets the
/// reply the first would have got. Its answer holds a digest of everything it saw.
/// </summary>
internal sealed class ScriptedModel(string name) : IChatClient
{
    public const string First = "first";
    public const string Fallback = "fallback";

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var seen = messages.ToList();
        var round = SeenTranscript.Rounds(seen);
        var steps = RunProcess.Current.Episode.Scenario.Steps;
        var step = options?.Tools is { Count: > 0 } && round < steps.Length ? steps[round] : null;
        return step switch
        {
            { Kind: StepKind.Fails } => throw new InvalidOperationException("Scripted failure."),
            { Kind: StepKind.FallsBack } when name == First => throw new InvalidOperationException("Scripted failure."),
            { Kind: StepKind.Silent } => Task.FromResult(Reply("", [], seen.Count)),
            { Calls: var calls } => Task.FromResult(Reply("", calls, seen.Count)),
            null => Task.FromResult(Reply($"I saw {SeenTranscript.Digest(SeenTranscript.Render(seen))}.", [], seen.Count)),
        };
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Nobody watches these runs.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    // Call ids begin anew in every reply, as some servers do it. The SDK's object is what keeps malformed arguments as they are.
    private ChatResponse Reply(string text, ScriptedCall[] calls, int messages) => new(new ChatMessage(ChatRole.Assistant, text))
    {
        ModelId = name,
        FinishReason = calls.Length > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 10 * messages, OutputTokenCount = 5 + calls.Length },
        RawRepresentation = Raw(calls.Select((call, index) =>
            ChatToolCall.CreateFunctionToolCall($"c{index + 1}", call.Tool, BinaryData.FromString(call.Arguments)))),
    };

    private ChatCompletion Raw(IEnumerable<ChatToolCall> calls) => OpenAIChatModelFactory.ChatCompletion(
        "id", OpenAI.Chat.ChatFinishReason.Stop, [], null, calls, ChatMessageRole.Assistant, null, [], [], RunScript.Noon, name, "fingerprint", null);
}
