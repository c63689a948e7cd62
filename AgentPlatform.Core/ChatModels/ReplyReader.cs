using System.Text;
using AgentPlatform.Core.ChatModels.OpenAICompatible;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AgentPlatform.Core.ChatModels;

/// <summary>Gathers one reply, whole or in pieces, and turns it into a <see cref="ModelReply"/>.</summary>
internal sealed class ReplyReader
{
    private readonly StringBuilder _text = new();
    private readonly RawToolCalls _raw = new();
    private readonly List<FunctionCallContent> _parsed = [];
    private string? _refusal;
    private UsageDetails? _usage;
    private string? _modelId;

    public ChatFinishReason? FinishReason { get; private set; }

    /// <summary>Something of the reply has arrived: from here on a second attempt would repeat it.</summary>
    public bool HasBegun => _text.Length > 0 || _raw.Count > 0 || _parsed.Count > 0;

    /// <summary>A streamed call came without id: the client refuses it at the end of the stream, when everything has been gathered here.</summary>
    public bool HasCallWithoutId => _raw.AnyWithoutId;

    public void Read(ChatResponse response)
    {
        if (response.RawRepresentation is ChatCompletion completion)
        {
            _raw.Add(completion);
        }

        foreach (var message in response.Messages)
        {
            ReadContents(message.Contents);
        }

        _usage = response.Usage;
        _modelId = response.ModelId;
        FinishReason = response.FinishReason;
    }

    /// <returns>The text of this piece, empty when it has none.</returns>
    public string Read(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is StreamingChatCompletionUpdate piece)
        {
            _raw.Add(piece);
        }

        _modelId ??= update.ModelId;
        FinishReason ??= update.FinishReason;
        var before = _text.Length;
        ReadContents(update.Contents);
        return _text.Length == before ? "" : _text.ToString(before, _text.Length - before);
    }

    public ModelReply Build(ChatModel model, IEnumerable<ChatMessage> messages, ChatOptions options, int attempts, TimeSpan duration)
    {
        var text = _text.Length == 0 && _refusal is not null ? _refusal : _text.ToString();
        var calls = UniqueCallIds.Ensure(_raw.Count > 0 ? _raw.Build() : _parsed.Select(FromParsed));
        var message = new ChatMessage(ChatRole.Assistant, []);
        if (text.Length > 0)
        {
            message.Contents.Add(new TextContent(text));
        }

        foreach (var call in calls)
        {
            message.Contents.Add(call.ToContent());
        }

        return new ModelReply
        {
            Message = message,
            Text = text,
            ToolCalls = calls,
            Usage = UsageOf(model, messages, options, text, calls),
            ModelId = _modelId ?? model.ModelId,
            Attempts = attempts,
            FinishReason = calls.Count > 0 ? "tool_calls" : FinishReason?.Value ?? "stop",
            Duration = duration,
        };
    }

    private void ReadContents(IList<AIContent> contents)
    {
        foreach (var content in contents)
        {
            switch (content)
            {
                case TextContent text:
                    _text.Append(text.Text);
                    break;
                case FunctionCallContent call:
                    _parsed.Add(call);
                    break;
                case UsageContent usage:
                    _usage = usage.Details;
                    break;
                case ErrorContent { ErrorCode: "Refusal" } refusal:
                    _refusal += refusal.Message;
                    break;
            }
        }
    }

    private Usage UsageOf(ChatModel model, IEnumerable<ChatMessage> messages, ChatOptions options, string text, IReadOnlyList<ModelToolCall> calls)
    {
        var estimated = _usage?.InputTokenCount is null || _usage.OutputTokenCount is null;
        var input = _usage?.InputTokenCount ?? TokenEstimate.OfRequest(messages, options);
        var output = _usage?.OutputTokenCount ?? TokenEstimate.OfReply(text, calls);
        return new Usage(input, output, model.Cost(input, output), estimated);
    }

    private static ModelToolCall FromParsed(FunctionCallContent call) =>
        new(call.CallId, call.Name, ModelToolCall.Write(call.Arguments));
}
