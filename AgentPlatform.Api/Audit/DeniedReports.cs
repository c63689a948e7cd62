using System.Threading.Channels;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Audit;

/// <summary>
/// Has callers who were known and may not written down. A flood of them is no flood of rows: the same caller at the same door counts once a minute, a minute holds a
/// bounded number, and what no executor takes is dropped and counted.
/// </summary>
internal sealed partial class DeniedReports(Lazy<ExecutorCommands> executor, TimeProvider time, ILogger<DeniedReports> logger) : BackgroundService
{
    internal const int MostInAMinute = 500;

    private const int BatchSize = 50;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Channel<DeniedAccess> _waiting = Channel.CreateBounded<DeniedAccess>(MostInAMinute);
    private readonly HashSet<(string Tenant, string Actor, string Target)> _told = [];
    private readonly Lock _gate = new();
    private long _since;
    private long _dropped;

    /// <summary>Never waits.</summary>
    public void Report(DeniedAccess denied)
    {
        lock (_gate)
        {
            if (_told.Count == 0 || time.GetElapsedTime(_since) >= Period)
            {
                _told.Clear();
                _since = time.GetTimestamp();
            }

            if (_told.Contains((denied.TenantId, denied.Actor, denied.Target)))
            {
                return;
            }

            if (_told.Count < MostInAMinute && _waiting.Writer.TryWrite(denied))
            {
                _told.Add((denied.TenantId, denied.Actor, denied.Target));
                return;
            }
        }

        Interlocked.Increment(ref _dropped);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new List<DeniedAccess>(BatchSize);
            while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var denied))
            {
                batch.Add(denied);
            }

            if (await executor.Value.ReportAsync([.. batch], stoppingToken) is not null)
            {
                Interlocked.Add(ref _dropped, batch.Count);
            }

            if (Interlocked.Exchange(ref _dropped, 0) is var lost and > 0)
            {
                LogDropped(lost);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Dropped} refusals were not written into the audit", EventName = "audit_dropped")]
    private partial void LogDropped(long dropped);
}
