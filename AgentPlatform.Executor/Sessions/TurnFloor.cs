namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// Who speaks next in a session: one run at a time. Turns that stand in the journal go first, in their order; whoever has none yet follows in
/// order of arrival. Used on the grain's scheduler only.
/// </summary>
internal sealed class TurnFloor
{
    private readonly PriorityQueue<TaskCompletionSource, (int Turn, long Arrival)> _waiting = new();
    private long _arrivals;
    private bool _taken;

    /// <param name="turn">Null: a message that gets its turn when it begins.</param>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; the floor is not held.</exception>
    /// <returns>Holds the floor until it is disposed of.</returns>
    public async Task<IDisposable> TakeAsync(int? turn, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_taken)
        {
            _taken = true;
            return new Held(this);
        }

        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(mine, (turn ?? int.MaxValue, _arrivals++));
        await using var registration = cancellationToken.Register(() => mine.TrySetCanceled(cancellationToken));
        await mine.Task;
        return new Held(this);
    }

    private void Leave()
    {
        while (_waiting.TryDequeue(out var next, out _))
        {
            if (next.TrySetResult())
            {
                return;
            }
        }

        _taken = false;
    }

    private sealed class Held(TurnFloor floor) : IDisposable
    {
        public void Dispose() => floor.Leave();
    }
}
