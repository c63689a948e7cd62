using System.Collections.Concurrent;
using AgentPlatform.Tests.EndToEnd;

namespace AgentPlatform.Tests.Chaos;

/// <summary>Callers who ask one question after the other; every second one within a conversation.</summary>
internal sealed class Clients(ChaosStack chaos, int count, int rounds, double timeout) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<StackReply> _replies = new();
    private Task _asking = Task.CompletedTask;

    public IReadOnlyCollection<StackReply> Replies => _replies;

    public Clients Start()
    {
        _asking = Task.WhenAll(Enumerable.Range(0, count).Select(AskAsync));
        return this;
    }

    /// <summary>Lets each finish its question.</summary>
    public async Task<IReadOnlyCollection<StackReply>> StopAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        return _replies;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task AskAsync(int client)
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var session = client % 2 == 0 ? null : $"client-{client}";
            _replies.Enqueue(await chaos.Stack.AskAsync($"{rounds} rounds, client {client}, question {number}", session, "counter", timeout));
        }
    }
}
