using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Sessions;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// What the model sees, as a projection of the run: instructions, what the conversation was about, earlier turns, the question, and every reply with
/// exactly one result directly after each of its calls.
/// </summary>
internal static class Transcript
{
    public static List<ChatMessage> Of(RunState state, RunRules rules, IReadOnlyList<ConversationTurn> history)
    {
        var started = state.Started!;
        var messages = new List<ChatMessage>(2 + (2 * history.Count) + (2 * state.Replies.Length))
        {
            new(ChatRole.System, AgentInstructions.Fill(rules.Agent.Instructions, started.At, started.User)),
        };

        if (started.Context?.Instructions is { } brought)
        {
            messages.Add(new ChatMessage(ChatRole.System, brought));
        }

        if (started.Summary is { } summary)
        {
            messages.Add(new ChatMessage(ChatRole.System, $"Summary of the conversation before the messages that follow: {summary}"));
        }

        BroughtConversation.Add(messages, history, started);
        foreach (var reply in state.Replies)
        {
            Add(messages, reply, state, rules);
        }

        return messages;
    }

    private static void Add(List<ChatMessage> messages, ModelReplied reply, RunState state, RunRules rules)
    {
        if (reply.ToolCalls.Count == 0)
        {
            AddUnusable(messages, reply, rules, state.Started?.Context);
            return;
        }

        var contents = new List<AIContent>(reply.ToolCalls.Count + 1);
        if (reply.Text.Length > 0)
        {
            contents.Add(new TextContent(reply.Text));
        }

        contents.AddRange(reply.ToolCalls.Select(call => new ModelToolCall(call.CallId, call.Tool, call.Arguments).ToContent()));
        messages.Add(new ChatMessage(ChatRole.Assistant, contents));
        foreach (var call in reply.ToolCalls)
        {
            var result = state.Calls.FirstOrDefault(known => known.Call.CallId == call.CallId)?.Result;
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, TextOf(result, state.Started!))]));
        }
    }

    /// <summary>A call without a result must not be here; were it, endpoints would refuse the conversation for good.</summary>
    private static string TextOf(ToolReturned? result, RunStarted started) => result switch
    {
        null => "Error: This call was interrupted before it gave a result.",
        { Untrusted: true } => UntrustedText.Wrap(Plain(result), result.Tool, $"{started.At.UtcTicks} {started.Question} {result.CallId}"),
        _ => Plain(result),
    };

    private static string Plain(ToolReturned result) => result.Error is null ? result.Result : $"Error: {result.Result}";

    /// <summary>An earlier text reply is in the transcript only because it could not be the answer: say why.</summary>
    private static void AddUnusable(List<ChatMessage> messages, ModelReplied reply, RunRules rules, CallerContext? context)
    {
        if (string.IsNullOrWhiteSpace(reply.Text))
        {
            return;
        }

        messages.Add(new ChatMessage(ChatRole.Assistant, reply.Text));
        messages.Add(new ChatMessage(
            ChatRole.User,
            $"That does not fit the required response schema: {rules.CheckOutput(reply.Text, context).Problem} Answer again with JSON that fits it, and nothing else."));
    }
}
