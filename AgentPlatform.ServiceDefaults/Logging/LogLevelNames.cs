using Serilog.Events;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>Levels by the names that <c>Logging:LogLevel</c> uses, so that what is read in a line can be written in the configuration.</summary>
internal static class LogLevelNames
{
    internal static string NameOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "Trace",
        LogEventLevel.Debug => "Debug",
        LogEventLevel.Information => "Information",
        LogEventLevel.Warning => "Warning",
        LogEventLevel.Error => "Error",
        _ => "Critical",
    };
}
