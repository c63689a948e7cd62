using System.Collections.Concurrent;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Looks for open runs whose executor is gone and wakes their host, here or on another silo, which claims them and goes
/// on. Orleans gives an address, not work: without this a run whose client went away would stay open for ever.
/// </summary>
internal sealed partial class OrphanScanner(
    RunClaims claims, RunGate gate, DrivenRuns driven, ExecutorLease lease, IGrainFactory grains, AgentMetrics metrics, TimeProvider clock, ILogger<OrphanScanner> logger) : BackgroundService
{
    /// <summary>How long the host holds the run's place; its own wall clock stands in the journal.</summary>
    public const double WakeSeconds = 600;

    /// <summary>With the lease this bounds how late a killed executor's runs go on.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>One host that does not answer must not hold up the others.</summary>
    private static readonly TimeSpan WakeDeadline = TimeSpan.FromSeconds(3);

    private readonly HashSet<Guid> _unattended = [];
    private readonly ConcurrentDictionary<Guid, bool> _waking = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ScanAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogScanFailed(logger, exception);
            }
        }
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        if (!lease.CanClaim)
        {
            return;
        }

        // An own run that nobody here is at work on broke off in a way that could not be recorded: it is anybody's.
        foreach (var (tenantId, runId) in await claims.OwnRunsAsync(cancellationToken))
        {
            if (gate.Hosts(runId) || driven.Contains(tenantId, runId))
            {
                _unattended.Remove(runId);
            }
            else if (!_unattended.Add(runId))
            {
                // Seen a second time: it was not just between a claim and the work, or between the work and its last commit.
                _unattended.Remove(runId);
                await claims.GiveUpAsync(tenantId, runId, cancellationToken);
            }
        }

        var orphans = await claims.FindOrphansAsync(cancellationToken);
        metrics.Orphaned(orphans.Count);
        foreach (var run in orphans.Concat(await claims.FindExpiredAsync(cancellationToken)).Where(run => _waking.TryAdd(run.RunId, true)))
        {
            // Not awaited: the next look must not wait for a host that is as dead as the run's executor.
            _ = WakeAsync(run);
        }
    }

    /// <summary>Its host does what there is to do: takes it over, or notes that the time to wait for a person is over.</summary>
    private async Task WakeAsync(OrphanedRun orphan)
    {
        var request = new RunRequest
        {
            RunId = orphan.RunId,
            TenantId = orphan.TenantId,
            SessionId = orphan.SessionId,
            Agent = orphan.Agent,
            Question = orphan.Question,
            Timeout = WakeSeconds,
            Background = orphan.Background,
            Attach = true,
        };
        LogWaking(logger, orphan.RunId, orphan.SecondsLost);
        try
        {
            await RunHosts.Of(grains, request).FollowAsync(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options)).WaitAsync(WakeDeadline, clock);
        }
        catch (Exception exception)
        {
            LogNotWoken(logger, exception, orphan.RunId);
        }
        finally
        {
            _waking.TryRemove(orphan.RunId, out _);
        }
    }

    [LoggerMessage(EventId = 1, EventName = "orphan_found", Level = LogLevel.Information, Message = "Run {RunId} lost its executor {Seconds} s ago")]
    private static partial void LogWaking(ILogger logger, Guid runId, double seconds);

    [LoggerMessage(EventId = 3, EventName = "orphan_not_woken", Level = LogLevel.Warning, Message = "The host of run {RunId} does not answer; trying again")]
    private static partial void LogNotWoken(ILogger logger, Exception exception, Guid runId);

    [LoggerMessage(EventId = 2, EventName = "orphan_scan_failed", Level = LogLevel.Warning, Message = "Looking for orphaned runs failed; trying again")]
    private static partial void LogScanFailed(ILogger logger, Exception exception);
}
