using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>
/// A deterministic model inside the process: no key, no network, no learning. It reads the offered tools' schemas and the
/// conversation, calls tools for what they can do, remembers what it was told, and says plainly what it is for everything else.
/// The same input always gives the same output.
/// </summary>
internal sealed class BuiltinChatClient : IChatClient
{
    public const string ModelId = "builtin";

    private static readonly ChatClientMetadata Metadata = new("builtin", providerUri: null, ModelId);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reply = Reply(messages, options);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply.Contents))
        {
            ModelId = ModelId,
            FinishReason = reply.FinishReason,
            Usage = reply.Usage,
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reply = Reply(messages, options);
        foreach (var content in reply.Contents)
        {
            IEnumerable<AIContent> pieces = content is TextContent text ? Words.Split(text.Text).Select(word => new TextContent(word)) : [content];
            foreach (var piece in pieces)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new ChatResponseUpdate(ChatRole.Assistant, [piece]) { ModelId = ModelId };
            }
        }

        await Task.CompletedTask;
        var usage = new UsageContent(reply.Usage);
        yield return new ChatResponseUpdate(ChatRole.Assistant, [usage]) { ModelId = ModelId, FinishReason = reply.FinishReason };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? Metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
        // Holds nothing.
    }

    private static (IList<AIContent> Contents, ChatFinishReason FinishReason, UsageDetails Usage) Reply(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var conversation = Conversation.Read(messages);
        var contents = Planner.Next(conversation, options);
        var input = conversation.Tokens + (options?.Tools?.OfType<AIFunctionDeclaration>().Sum(tool => Words.Count(tool.Description)) ?? 0);
        var output = contents.Sum(content => content is TextContent text ? Words.Count(text.Text) : 1L);
        var finish = contents.Any(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop;
        return (contents, finish, new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output });
    }
}
