using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Journal;

/// <summary>
/// The one writer of this process. In rounds:
/// 1. Take what has arrived, up to the batch's bounds.
/// 2. Commit it in one implicit transaction; while the database is away try again, leaving out whoever stopped waiting.
/// 3. If Postgres refuses the data, commit row by row: only the offending append fails.
/// 4. Settle each append, asking what stands in the place of those that were not stored.
/// </summary>
internal sealed partial class JournalWriter(
    PostgresJournal journal, JournalConnection database, TimeProvider timeProvider, IOptions<JournalOptions> options, ILogger<JournalWriter> logger)
    : BackgroundService
{
    private const int LogEvery = 10;

    private readonly JournalOptions _options = options.Value;
    private readonly List<PendingAppend> _batch = [];
    private readonly CancellationTokenSource _giveUp = new();
    private bool _isDisposed;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        journal.Close();
        // A host may stop its services twice, the second time after disposing of them.
        if (!_isDisposed && ExecuteTask is { IsCompleted: false } rounds)
        {
            _giveUp.CancelAfter(_options.DrainTimeout);
            await rounds.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _giveUp.CancelAsync();
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _isDisposed = true;
        _giveUp.Dispose();
        base.Dispose();
    }

    // The host's stopping token is not heeded: what waits is still written, then the closed queue ends the rounds.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PendingAppend? ahead = null;
        while (ahead is not null || await journal.Waiting.WaitToReadAsync(CancellationToken.None))
        {
            ahead = Take(ahead);
            if (_batch.Count > 0)
            {
                await CommitAsync(_batch);
            }
        }
    }

    // 1. Returns the append that no longer fitted.
    private PendingAppend? Take(PendingAppend? ahead)
    {
        _batch.Clear();
        var length = 0L;
        while (_batch.Count < _options.BatchRows && (ahead is not null || journal.Waiting.TryRead(out ahead)))
        {
            length += ahead.Append.Events.Length;
            if (_batch.Count > 0 && length > _options.BatchLength)
            {
                return ahead;
            }

            if (ahead.TryTake())
            {
                _batch.Add(ahead);
            }

            ahead = null;
        }

        return null;
    }

    // 2. and 3.
    private async Task CommitAsync(List<PendingAppend> appends)
    {
        Activity.Current = JournalActivity.ShareCommit(appends);
        var delay = _options.MinRetryDelay;
        var since = timeProvider.GetTimestamp();
        for (var attempt = 1; appends.Count > 0; attempt++)
        {
            try
            {
                await database.CommitAsync(appends, _giveUp.Token);
                if (attempt > 1)
                {
                    var away = timeProvider.GetElapsedTime(since);
                    LogCommittedAgain(logger, appends.Count, attempt, away.TotalMilliseconds);
                }

                break;
            }
            catch (Exception exception) when (CommitFailure.IsOfTheData(exception))
            {
                await TakeApartAsync(appends, exception);
                break;
            }
            catch (Exception exception) when (!_giveUp.IsCancellationRequested)
            {
                if (attempt % LogEvery == 1)
                {
                    LogRetrying(logger, exception, appends.Count, attempt);
                }
            }
            catch (Exception)
            {
                appends.ForEach(pending => pending.Cancel());
                break;
            }

            await Task.Delay(delay, timeProvider, _giveUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, _options.MaxRetryDelay.Ticks));
            appends.RemoveAll(pending => pending.Abandoned);
        }
    }

    private async Task TakeApartAsync(List<PendingAppend> appends, Exception exception)
    {
        if (appends is [var culprit])
        {
            LogUnstorable(logger, exception, culprit.Append.RunId, culprit.Append.FirstSeq);
            culprit.Fail(new UnstorableAppendException(culprit.Append, exception));
            return;
        }

        foreach (var pending in appends)
        {
            await CommitAsync([pending]);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Commit of {Rows} appends failed at attempt {Attempt}; trying again")]
    private static partial void LogRetrying(ILogger logger, Exception exception, int rows, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Committed {Rows} appends at attempt {Attempt}, {Milliseconds:F0} ms after the first")]
    private static partial void LogCommittedAgain(ILogger logger, int rows, int attempt, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Postgres refuses the append at {FirstSeq} of run {RunId}")]
    private static partial void LogUnstorable(ILogger logger, Exception exception, Guid runId, long firstSeq);
}
