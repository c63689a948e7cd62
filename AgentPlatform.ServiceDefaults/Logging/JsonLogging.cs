using System.ComponentModel.DataAnnotations;
using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// Logs as JSON lines. <c>Logging:File:Path</c> set: the lines go to that file and stdout shows warnings and errors in a short form for
/// people. Not set (a container): stdout carries the lines. Levels are <c>Logging:LogLevel</c>, as everywhere in .NET.
/// </summary>
public static class JsonLogging
{
    /// <summary>Frameworks speak at Warning; a run has two lines of our own, and the trace tells the rest.</summary>
    private static readonly KeyValuePair<string, string?>[] Levels =
    [
        new("Logging:LogLevel:Default", nameof(LogLevel.Information)),
        new("Logging:LogLevel:Microsoft", nameof(LogLevel.Warning)),
        new("Logging:LogLevel:Microsoft.Hosting.Lifetime", nameof(LogLevel.Information)),
        new("Logging:LogLevel:System.Net.Http", nameof(LogLevel.Warning)),
        new("Logging:LogLevel:Npgsql", nameof(LogLevel.Warning)),
        new("Logging:LogLevel:Polly", nameof(LogLevel.Warning)),
        new("Logging:LogLevel:Orleans", nameof(LogLevel.Warning)),
        // A failed command or connection reaches its caller as an exception; here each retry and each poll of /health would log it once more.
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database", nameof(LogLevel.Critical)),
        // The client repeats itself at each attempt to reconnect; the health report and the cache say once that Redis is away.
        new("Logging:LogLevel:StackExchange.Redis", nameof(LogLevel.Critical)),
        // Its "Participant check thread" warning is printed at every start on a virtual machine and means nothing.
        new("Logging:LogLevel:Orleans.Runtime.Watchdog", nameof(LogLevel.Error)),
        // An error with a stack for every poll of /health; the report logs each change once instead.
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", nameof(LogLevel.None)),
    ];

    /// <summary>Writes every log line as JSON to <paramref name="output"/>, at most half a second later and all of them on dispose.</summary>
    public static ILoggingBuilder AddJsonLines(this ILoggingBuilder logging, Stream output) =>
        logging.AddLines(text => new LoggerConfiguration().MinimumLevel.Verbose().WriteLines(new JsonLogLine(text), output));

    internal static void AddJsonLogging(this IHostApplicationBuilder builder)
    {
        builder.AddFloor(Levels);
        builder.Logging.ClearProviders();
        // The provider reads the current activity itself; the same three values again as a scope are wasted work.
        builder.Services.Configure<LoggerFactoryOptions>(options => options.ActivityTrackingOptions = ActivityTrackingOptions.None);

        var file = builder.Configuration.GetSection(LogFileOptions.Section).Get<LogFileOptions>() ?? new LogFileOptions();
        Validator.ValidateObject(file, new ValidationContext(file), validateAllProperties: true);
        var stdout = Console.OpenStandardOutput();
        builder.Logging.AddLines(text =>
        {
            var logger = new LoggerConfiguration().MinimumLevel.Verbose();
            return string.IsNullOrWhiteSpace(file.Path)
                ? logger.WriteLines(new JsonLogLine(text), stdout)
                : logger.WriteFile(file.Path, file, text).WriteLines(new ConsoleLogLine(text), stdout, LogEventLevel.Warning);
        });
    }

    private static LoggerConfiguration WriteLines(
        this LoggerConfiguration logger, ILogLine line, Stream output, LogEventLevel level = LogEventLevel.Verbose) =>
        logger.WriteTo.Sink(new LogLineSink(line, lines => output.Write(lines.Span)), LogLineSink.Batching, level);

    private static LoggerConfiguration WriteFile(this LoggerConfiguration logger, string path, LogFileOptions options, LogText text)
    {
        var file = new RollingLogFile(path, options.MaxBytes, options.KeepFiles);
        return logger.WriteTo.Sink(new LogLineSink(new JsonLogLine(text), lines => file.Write(lines.Span), file), LogLineSink.Batching);
    }

    /// <summary>
    /// Registered by hand: Serilog's own <c>AddSerilog</c> puts its filter above <c>Logging:LogLevel</c>. The container disposes, and so
    /// flushes, the provider; a process that ends by <c>Environment.Exit</c> flushes too.
    /// </summary>
    private static ILoggingBuilder AddLines(this ILoggingBuilder logging, Func<LogText, LoggerConfiguration> configure)
    {
        logging.Services.AddSingleton<ILoggerProvider>(provider =>
        {
            var logger = configure(new LogText(provider.GetService<SecretMask>() ?? SecretMask.None)).CreateLogger();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => logger.Dispose();
            return new SerilogLoggerProvider(logger, dispose: true);
        });
        return logging;
    }
}
