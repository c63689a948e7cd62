using System.Runtime.CompilerServices;
using AgentPlatform.Core.Faults;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>
/// Lets the built-in model fail as an endpoint does, although it has none: a call that is to fail goes through the client of OpenAI-compatible
/// endpoints, whose last handler makes the failure up. So the SDK reads it and the retries run as with a real server.
/// </summary>
/// <param name="wire">A client of an endpoint that does not exist; only calls that are answered before the wire go there.</param>
/// <param name="configured">Faults of the model's own settings, for calls that bring none.</param>
internal sealed class FaultyBuiltinClient(IChatClient model, IChatClient wire, BuiltinFaults? configured, TimeProvider timeProvider) : DelegatingChatClient(model)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var fault = await BeginAsync(options, cancellationToken);
        return await Client(fault).GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var fault = await BeginAsync(options, cancellationToken);
        await foreach (var update in Client(fault).GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            wire.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<Fault?> BeginAsync(ChatOptions? options, CancellationToken cancellationToken)
    {
        var offersTools = options?.Tools is { Count: > 0 };
        var fault = FaultScope.Current is { } asked ? asked.TakeModel(offersTools) : configured?.Draw(offersTools);
        var delay = (fault?.Delay ?? TimeSpan.Zero) + (configured?.Latency ?? TimeSpan.Zero);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, timeProvider, cancellationToken);
        }

        return fault;
    }

    /// <summary>Where the call goes. What it changes in the scope holds for the method that calls this, and is needed until its request is sent.</summary>
    private IChatClient Client(Fault? fault)
    {
        if (fault is not { ReplacesReply: true })
        {
            return InnerClient;
        }

        FaultScope.Enter(ActiveFaults.Once(fault));
        return wire;
    }
}
