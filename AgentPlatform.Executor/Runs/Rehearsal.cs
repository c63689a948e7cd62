using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Sessions;
using Npgsql;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Goes the way of a run once before the first caller does, as far as it leaves no trace: the hosts are called and refuse an agent that
/// cannot exist, the session and the journal are read. It proves that the cluster and the database answer; and whatever is
/// compiled and connected on the way would else keep the first caller waiting, on a busy machine for longer than an executor may be silent.
/// </summary>
internal sealed partial class Rehearsal(IGrainFactory grains, SessionStore sessions, IRunJournal journal, TimeProvider clock, ILogger<Rehearsal> logger)
{
    /// <summary>Belongs to nobody: no tenant may have this name.</summary>
    private const string Nobody = "*";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns when it went well, however often it must be tried: a cluster that is regrouping takes some seconds to answer.</summary>
    public async Task UntilGoodAsync(CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        for (var good = false; !good;)
        {
            try
            {
                await OnceAsync(Guid.CreateVersion7(clock.GetUtcNow()), cancellationToken);
                good = true;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or NpgsqlException)
            {
                LogNotYet(logger, exception);
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }

        var took = clock.GetElapsedTime(begun);
        LogRehearsed(logger, took.TotalMilliseconds);
    }

    private async Task OnceAsync(Guid runId, CancellationToken cancellationToken)
    {
        var alone = new RunRequest { RunId = runId, TenantId = Nobody, Agent = "", Question = "", Timeout = 1 };
        await RefuseAsync(alone, cancellationToken);
        await RefuseAsync(alone with { SessionId = runId.ToString("N") }, cancellationToken);
        await sessions.LoadAsync(Nobody, runId.ToString("N"), maxTurns: 1, cancellationToken);
        await journal.LoadAsync(Nobody, runId, cancellationToken);
    }

    private async Task RefuseAsync(RunRequest request, CancellationToken cancellationToken) =>
        await RunHosts.Of(grains, request).FollowAsync(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options))
            .WaitAsync(Deadline, clock, cancellationToken);

    [LoggerMessage(EventId = 1, EventName = "rehearsed", Level = LogLevel.Information, Message = "The way of a run was walked in {Ms} ms")]
    private static partial void LogRehearsed(ILogger logger, double ms);

    [LoggerMessage(EventId = 2, EventName = "not_rehearsed", Level = LogLevel.Warning, Message = "No run could be taken yet; trying again")]
    private static partial void LogNotYet(ILogger logger, Exception exception);
}
