using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Sessions;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// The conversation before a run's own replies: the session's turns, and what callers brought. Every call of a caller's tool has exactly one result directly
/// behind it here too, because endpoints refuse anything else: one that the caller never answered gets a sentence that says so.
/// </summary>
internal sealed class BroughtConversation(List<ChatMessage> messages)
{
    private readonly List<string> _unanswered = [];

    public static void Add(List<ChatMessage> messages, IReadOnlyList<ConversationTurn> history, RunStarted started)
    {
        var conversation = new BroughtConversation(messages);
        foreach (var turn in history)
        {
            conversation.AddInput(turn.Brought, turn.Question);
            conversation.AddAssistant(turn.Answer, turn.HandedOver);
        }

        conversation.AddInput(started.Context?.Messages, started.Question);
        conversation.AnswerRest();
    }

    private void AddInput(IReadOnlyList<BroughtMessage>? brought, string question)
    {
        if (brought is not { Count: > 0 })
        {
            AnswerRest();
            messages.Add(new ChatMessage(ChatRole.User, question));
            return;
        }

        foreach (var message in brought)
        {
            if (message.Role == BroughtRole.Tool)
            {
                AddResult(message);
                continue;
            }

            AnswerRest();
            if (message.Role == BroughtRole.Assistant)
            {
                AddAssistant(message.Text, message.ToolCalls);
            }
            else
            {
                messages.Add(new ChatMessage(message.Role == BroughtRole.System ? ChatRole.System : ChatRole.User, message.Text));
            }
        }
    }

    private void AddAssistant(string text, IReadOnlyList<ToolCall>? calls)
    {
        var contents = new List<AIContent>((calls?.Count ?? 0) + 1);
        if (text.Length > 0 || calls is not { Count: > 0 })
        {
            contents.Add(new TextContent(text));
        }

        foreach (var call in calls ?? [])
        {
            contents.Add(new ModelToolCall(call.CallId, call.Tool, call.Arguments).ToContent());
            _unanswered.Add(call.CallId);
        }

        messages.Add(new ChatMessage(ChatRole.Assistant, contents));
    }

    /// <summary>A result that nobody asked for is left out: the model could not know what it belongs to.</summary>
    private void AddResult(BroughtMessage message)
    {
        if (message.CallId is { } callId && _unanswered.Remove(callId))
        {
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(callId, message.Text)]));
        }
    }

    private void AnswerRest()
    {
        foreach (var callId in _unanswered)
        {
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(callId, "Error: The caller gave no result for this call.")]));
        }

        _unanswered.Clear();
    }
}
