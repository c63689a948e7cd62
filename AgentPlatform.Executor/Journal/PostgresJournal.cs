using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Journal;

/// <summary>
/// The journal in Postgres. Appends of all runs of this process go through one queue to one writer (<see cref="JournalWriter"/>),
/// which commits together whatever arrived while the commit before was under way.
/// <para>
/// A run awaits one append before it sends the next. A caller that cancels gets its append back if the writer had not taken it;
/// otherwise it waits a moment longer for the result, and an <see cref="OperationCanceledException"/> then means: perhaps stored.
/// The run's next load tells.
/// </para>
/// <para>
/// Why an executor that lost its run cannot do harm between the newcomer's claim (which raises <c>runs.epoch</c>) and the newcomer's
/// first append. Both write at the sequence number that follows everything they know, and the primary key lets one of them have it.
/// If the old owner's append lands first, the newcomer's <c>run_resumed</c> comes back Superseded, the newcomer loads again and
/// folds that append in: it is a true fact of the run, told before anything was decided without it. Once <c>run_resumed</c> stands,
/// the old owner's next append meets a row of a higher epoch and is Fenced. A lease that has run out stops the old owner before its
/// next effect, so this can repeat only for effects begun while the lease was valid. The log is thus one line of facts, each
/// appended by someone who knew all before it; an append needs no look at <c>runs</c>, which would cost a read per append and, without a
/// lock, prove nothing. For the same reason a terminal event that landed closes the row of <c>runs</c> whatever
/// the epoch: the row says finished exactly when the log does, else a run could stay open for ever.
/// </para>
/// </summary>
internal sealed class PostgresJournal(JournalReader reader, TimeProvider timeProvider, IOptions<JournalOptions> options) : IRunJournal
{
    private readonly Channel<PendingAppend> _queue = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(options.Value.QueueCapacity) { SingleReader = true });

    /// <summary>What waits for the writer.</summary>
    public ChannelReader<PendingAppend> Waiting => _queue.Reader;

    /// <exception cref="UnstorableAppendException">Postgres refuses this append's content.</exception>
    /// <exception cref="ChannelClosedException">The process is stopping.</exception>
    public async Task<AppendResult> AppendAsync(JournalAppend append, CancellationToken cancellationToken)
    {
        using var activity = JournalActivity.Start(append);
        var pending = new PendingAppend(append, activity);
        await _queue.Writer.WriteAsync(pending, cancellationToken);
        try
        {
            return await pending.Settled.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (pending.TryWithdraw())
            {
                throw;
            }

            return await WaitALittleAsync(pending, cancellationToken);
        }
    }

    /// <remarks>A database that is away for more than a moment throws.</remarks>
    public Task<StoredRun?> LoadAsync(string tenantId, Guid runId, CancellationToken cancellationToken) =>
        reader.LoadAsync(tenantId, runId, cancellationToken);

    /// <summary>Refuses further appends; those that wait are still written.</summary>
    public void Close() => _queue.Writer.TryComplete();

    private async Task<AppendResult> WaitALittleAsync(PendingAppend pending, CancellationToken cancellationToken)
    {
        try
        {
            return await pending.Settled.WaitAsync(options.Value.CancellationGrace, timeProvider, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            throw new OperationCanceledException("Cancelled while the append was on its way: it may be stored.", cancellationToken);
        }
    }
}
