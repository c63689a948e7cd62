using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>Tells the process of each call of a model, before and after.</summary>
internal sealed class WatchedModel(IChatClient model) : DelegatingChatClient(model)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var process = RunProcess.Current;
        var seen = messages.ToList();
        await process.AtAsync(Instant.BeforeModel);
        process.Asks(seen);
        cancellationToken.ThrowIfCancellationRequested();
        var response = await base.GetResponseAsync(seen, options, cancellationToken);
        await process.AtAsync(Instant.AfterModel);
        cancellationToken.ThrowIfCancellationRequested();
        return response;
    }
}
