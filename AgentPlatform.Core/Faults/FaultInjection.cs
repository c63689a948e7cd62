using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Core.Faults;

/// <summary>
/// The door through which faults come into a process: open in Development and nowhere else. A service asks it once for every question; what it does
/// not admit is never looked at again.
/// </summary>
public sealed partial class FaultInjection(IHostEnvironment environment, ILogger<FaultInjection> logger)
{
    public bool IsOpen => environment.IsDevelopment();

    /// <summary>The environment's name, for the one who is refused.</summary>
    public string Environment => environment.EnvironmentName;

    /// <returns>What another of our services sent along, or null: nothing was sent, or this process makes no faults.</returns>
    public string? Admit(string? faults)
    {
        if (faults is not null && !IsOpen)
        {
            LogIgnored(Environment);
            return null;
        }

        return faults;
    }

    [LoggerMessage(Level = LogLevel.Warning, EventName = "faults_ignored", Message = "A request asks for faults; they are made in Development only, and this is {Environment}")]
    private partial void LogIgnored(string environment);
}
