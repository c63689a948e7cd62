using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>
/// Asks the dependencies, at most once a second however many ask, and logs each change of a dependency once.
/// </summary>
internal sealed partial class HealthReporter(
    HealthCheckService checks, IEnumerable<HealthField> fields, IServiceProvider services, TimeProvider timeProvider, ILogger<HealthReporter> logger)
{
    private const string Ok = "ok";
    private const string Degraded = "degraded";
    internal const string Down = "down";

    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);
    private Task<HealthResponse>? _report;
    private long _reportedAt;

    internal Task<HealthResponse> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var fresh = _report is { IsCompleted: false }
                || (_report is { IsCompletedSuccessfully: true } && timeProvider.GetElapsedTime(_reportedAt) < KeepFor);
            if (!fresh)
            {
                _reportedAt = timeProvider.GetTimestamp();
                // Shared by all who ask meanwhile, so no single caller's token may end it; every part has a deadline of its own.
                _report = Task.Run(() => ReportAsync(CancellationToken.None), CancellationToken.None);
            }

            return _report!.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthResponse> ReportAsync(CancellationToken cancellationToken)
    {
        var extras = fields.Select(field => ReadAsync(field, cancellationToken)).ToArray();
        var report = await checks.CheckHealthAsync(cancellationToken);
        var status = report.Entries.Values.Aggregate(Ok, Worse);
        var dependencies = new SortedDictionary<string, DependencyHealth>(StringComparer.Ordinal);
        foreach (var (name, entry) in report.Entries)
        {
            LogChange(name, entry);
            dependencies[name] = new DependencyHealth(StatusOf(entry.Status), Math.Round(entry.Duration.TotalMilliseconds, 1), entry.Description);
        }

        var values = await Task.WhenAll(extras);
        return new HealthResponse(status, timeProvider.GetUtcNow(), dependencies)
        {
            Fields = values.Where(value => value.Value is not null).ToDictionary(value => value.Name, value => value.Value),
        };
    }

    private async Task<(string Name, object? Value)> ReadAsync(HealthField field, CancellationToken cancellationToken)
    {
        try
        {
            return (field.Name, await Task.Run(() => field.ReadAsync(services, cancellationToken).AsTask(), cancellationToken)
                .WaitAsync(DeadlineHealthCheck.Deadline, timeProvider, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            FieldFailed(field.Name, exception);
            return (field.Name, null);
        }
    }

    private static string Worse(string status, HealthReportEntry entry) => entry.Status switch
    {
        HealthStatus.Healthy => status,
        HealthStatus.Unhealthy when entry.Tags.Contains(HealthTags.Required) => Down,
        _ => status == Down ? Down : Degraded,
    };

    private static string StatusOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => Ok,
        HealthStatus.Degraded => Degraded,
        _ => Down,
    };

    private void LogChange(string name, HealthReportEntry entry)
    {
        var status = StatusOf(entry.Status);
        var before = _last.TryGetValue(name, out var last) ? last : Ok;
        _last[name] = status;
        if (status == before)
        {
            return;
        }

        if (status == Ok)
        {
            DependencyUp(name);
        }
        else
        {
            DependencyDown(name, status, entry.Description, entry.Exception);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Dependency {Dependency} is {Status}: {Detail}", EventName = "dependency_down")]
    private partial void DependencyDown(string dependency, string status, string? detail, Exception? exception);

    [LoggerMessage(2, LogLevel.Information, "Dependency {Dependency} is back", EventName = "dependency_up")]
    private partial void DependencyUp(string dependency);

    [LoggerMessage(3, LogLevel.Warning, "Field {Field} of the health report could not be read", EventName = "health_field_failed")]
    private partial void FieldFailed(string field, Exception exception);
}
