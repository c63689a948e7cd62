using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.ServiceDefaults.Lifetime;

/// <summary>
/// Stops the process, in order, soon after the process named by <c>AGENTPLATFORM_PARENT_PID</c> is gone. The local stack sets the
/// variable: its children must not outlive it, not even when it is killed, on any operating system.
/// </summary>
internal sealed partial class ParentWatch(int parentId, IHostApplicationLifetime lifetime, TimeProvider timeProvider, ILogger<ParentWatch> logger)
    : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var parent = new ParentProcess(parentId);
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (parent.IsAlive)
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        ParentGone(parentId);
        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Warning, "The process {ParentPid} that started this one is gone: stopping", EventName = "parent_gone")]
    private partial void ParentGone(int parentPid);
}

/// <summary>Registration of the watch.</summary>
internal static class ParentWatchRegistration
{
    internal const string Variable = "AGENTPLATFORM_PARENT_PID";

    internal static void AddParentWatch(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[Variable] is not { Length: > 0 } value)
        {
            return;
        }

        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parentId))
        {
            throw new InvalidOperationException($"{Variable} is \"{value}\"; it takes the id of a process, a number.");
        }

        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<ParentWatch>(services, parentId));
    }
}
