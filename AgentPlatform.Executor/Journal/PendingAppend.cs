using System.Diagnostics;

namespace AgentPlatform.Executor.Journal;

/// <summary>An append on its way: waiting in the queue, then in the hands of the writer, then settled.</summary>
internal sealed class PendingAppend(JournalAppend append, Activity? activity)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<AppendResult> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _place = Waiting;
    private volatile bool _abandoned;

    public JournalAppend Append { get; } = append;

    public Activity? Activity { get; } = activity;

    public Task<AppendResult> Settled => _settled.Task;

    /// <summary>The caller has stopped waiting: no further attempt is made for it.</summary>
    public bool Abandoned => _abandoned;

    /// <summary>The writer takes it; false when the caller has withdrawn it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _place, Taken, Waiting) == Waiting;

    /// <summary>The caller takes it back; false when the writer has it already, so that it may be committed.</summary>
    public bool TryWithdraw()
    {
        _abandoned = true;
        return Interlocked.CompareExchange(ref _place, Withdrawn, Waiting) == Waiting;
    }

    public void Settle(AppendResult result) => _settled.TrySetResult(result);

    public void Fail(Exception exception) => _settled.TrySetException(exception);

    public void Cancel() => _settled.TrySetCanceled(CancellationToken.None);
}
