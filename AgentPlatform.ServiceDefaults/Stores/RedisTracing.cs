using System.Collections.Concurrent;
using System.Diagnostics;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace AgentPlatform.ServiceDefaults.Stores;

/// <summary>
/// A span for each Redis command under the activity that sent it. The client only offers profiling: commands gather in a session per
/// activity, and every half second they become spans with the times they really had. Registered only when telemetry is exported.
/// </summary>
internal sealed class RedisTracing(IServiceProvider services, TimeProvider timeProvider) : BackgroundService
{
    private const string SessionProperty = "redis.session";

    private static readonly ActivitySource Source = new(AgentActivity.SourceName + ".Redis");

    /// <summary>A command may finish after the activity that sent it, when nobody waits for it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<(Activity Owner, ProfilingSession Session)> _sessions = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        services.GetRequiredService<IConnectionMultiplexer>().RegisterProfiler(SessionOfCurrentActivity);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Drain();
            }
        }
        catch (OperationCanceledException)
        {
            Drain();
        }
    }

    private ProfilingSession? SessionOfCurrentActivity()
    {
        if (Activity.Current is not { IsAllDataRequested: true } owner)
        {
            return null;
        }

        if (owner.GetCustomProperty(SessionProperty) is ProfilingSession known)
        {
            return known;
        }

        var session = new ProfilingSession();
        owner.SetCustomProperty(SessionProperty, session);
        _sessions.Enqueue((owner, session));
        return session;
    }

    private void Drain()
    {
        for (var left = _sessions.Count; left > 0 && _sessions.TryDequeue(out var entry); left--)
        {
            foreach (var command in entry.Session.FinishProfiling())
            {
                Emit(command, entry.Owner);
            }

            if (!entry.Owner.IsStopped || entry.Owner.StartTimeUtc + entry.Owner.Duration + Grace > timeProvider.GetUtcNow().UtcDateTime)
            {
                _sessions.Enqueue(entry);
            }
        }
    }

    private static void Emit(IProfiledCommand command, Activity owner)
    {
        using var activity = Source.StartActivity(command.Command, ActivityKind.Client, owner.Context, startTime: command.CommandCreated);
        activity?
            .SetTag("db.system.name", "redis")
            .SetTag("db.operation.name", command.Command)
            .SetTag("db.namespace", command.Db)
            .SetTag("server.address", command.EndPoint?.ToString())
            .SetEndTime(command.CommandCreated + command.ElapsedTime);
    }
}
