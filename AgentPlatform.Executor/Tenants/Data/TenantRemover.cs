using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Sessions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>
/// Takes a tenant away:
/// 1. the audit says that it begins, and who wants it;
/// 2. its open runs are cancelled, and given some seconds to say how they ended;
/// 3. its rows go in batches, its keys with the last one, so that who came by a key can ask again until all is done; the writer of each session forgets it;
/// 4. what began meanwhile is treated the same, for a few rounds;
/// 5. the audit says that it is done.
/// Whoever asks only waits for it: hanging up does not stop it, asking again joins it. What broke off is finished by asking again.
/// </summary>
internal sealed partial class TenantRemover(
    TenantRows rows,
    AuditTrail trail,
    CancelRun cancel,
    SessionChanged forget,
    IHostApplicationLifetime lifetime,
    IOptions<TenantDataOptions> options,
    TimeProvider time,
    ILogger<TenantRemover> logger)
{
    /// <summary>Of a tenant that goes on asking.</summary>
    private const int MostRounds = 3;

    /// <summary>For open runs to end in.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Between two looks at runs that do not say anything.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, Task<TenantRemovalResult>> _underWay = [];

    public Task<TenantRemovalResult> RemoveAsync(string tenantId, string actor)
    {
        lock (_underWay)
        {
            if (!_underWay.TryGetValue(tenantId, out var removal))
            {
                removal = Task.Run(() => RunAsync(tenantId, actor));
                _underWay.Add(tenantId, removal);
            }

            return removal;
        }
    }

    private async Task<TenantRemovalResult> RunAsync(string tenantId, string actor)
    {
        using var deadline = new CancellationTokenSource(options.Value.RemoveWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, lifetime.ApplicationStopping);
        try
        {
            return await RunAsync(tenantId, actor, either.Token);
        }
        catch (OperationCanceledException brokeOff) when (either.IsCancellationRequested)
        {
            LogBrokeOff(logger, brokeOff, tenantId);
            return new(null, ExecutorProblems.RemovalBrokeOff());
        }
        catch (Exception exception)
        {
            // Perhaps nobody waits for it any more.
            LogBrokeOff(logger, exception, tenantId);
            throw;
        }
        finally
        {
            lock (_underWay)
            {
                _underWay.Remove(tenantId);
            }
        }
    }

    private async Task<TenantRemovalResult> RunAsync(string tenantId, string actor, CancellationToken cancellationToken)
    {
        await trail.RecordAsync(tenantId, actor, AuditActions.TenantRemovalBegun, tenantId);
        var agents = new SortedSet<string>(StringComparer.Ordinal);
        var total = 0L;
        for (var round = 1; round == 1 || await rows.AnyRunAsync(tenantId, cancellationToken); round++)
        {
            if (round > MostRounds || !await CancelAllAsync(tenantId, cancellationToken))
            {
                return new(null, round == 1 ? ExecutorProblems.TenantBusy() : ExecutorProblems.TenantGoesOn());
            }

            agents.UnionWith(await rows.AgentsAsync(tenantId, cancellationToken));
            total += await RemoveRowsAsync(tenantId, cancellationToken);
        }

        await trail.RecordAsync(tenantId, actor, AuditActions.TenantDeleted, tenantId);
        return new(new TenantRemoval(total, [.. agents]), null);
    }

    private async Task<long> RemoveRowsAsync(string tenantId, CancellationToken cancellationToken)
    {
        for (var total = 0L; ;)
        {
            var (removed, sessions) = await rows.RemoveAsync(tenantId, cancellationToken);
            await Task.WhenAll(sessions.Distinct().Select(session => ForgetAsync(tenantId, session)));
            if (removed == 0)
            {
                return total;
            }

            total += removed;
        }
    }

    /// <summary>One that cannot be reached is, as a rule, gone with its process; the others must not keep what they hold for its sake.</summary>
    private async Task ForgetAsync(string tenantId, string sessionId)
    {
        try
        {
            await forget(tenantId, sessionId);
        }
        catch (Exception exception)
        {
            LogNotForgotten(logger, exception, sessionId);
        }
    }

    private async Task<bool> CancelAllAsync(string tenantId, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var open = await rows.OpenRunsAsync(tenantId, cancellationToken);
            if (open.Count == 0 || time.GetElapsedTime(begun) > Patience)
            {
                return open.Count == 0;
            }

            foreach (var runId in open)
            {
                await cancel(tenantId, runId, cancellationToken);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 1, EventName = "tenant_removal_broke_off", Level = LogLevel.Warning, Message = "The removal of tenant {TenantId} broke off; it goes on when it is asked for again")]
    private static partial void LogBrokeOff(ILogger logger, Exception exception, string tenantId);

    [LoggerMessage(EventId = 2, EventName = "session_not_forgotten", Level = LogLevel.Warning, Message = "The writer of the removed session {SessionId} could not be told to forget it")]
    private static partial void LogNotForgotten(ILogger logger, Exception exception, string sessionId);
}
