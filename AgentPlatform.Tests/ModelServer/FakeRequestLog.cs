namespace AgentPlatform.Tests.ModelServer;

/// <summary>The requests seen so far, and a way to wait for more.</summary>
internal sealed class FakeRequestLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<FakeModelRequest> _requests = [];
    private TaskCompletionSource _changed = New();

    public IReadOnlyList<FakeModelRequest> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public void Add(FakeModelRequest request)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _requests.Add(request);
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    public async Task WaitAsync(int count, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            Task changed;
            int seen;
            lock (_gate)
            {
                (changed, seen) = (_changed.Task, _requests.Count);
            }

            if (seen >= count)
            {
                return;
            }

            var left = deadline - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || await Task.WhenAny(changed, Task.Delay(left, time, cancellationToken)) != changed)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new TimeoutException($"The model server saw {seen} of {count} requests within {deadline.TotalSeconds:0.#} s.");
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
