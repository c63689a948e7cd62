using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Telemetry;
using AgentPlatform.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace AgentPlatform.Tests.Monitoring;

/// <summary>What <c>/metrics</c> of a service really offers, and Prometheus itself.</summary>
internal sealed class ExportedMetrics(IReadOnlyDictionary<string, string> types)
{
    /// <summary>Of the scrape, not of the service.</summary>
    private const string Up = "up";
    private static readonly string[] TargetLabels = ["job", "instance"];

    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["level"] = Words<DegradationLevel>(),
        ["reason"] = Words<FailureReason>(),
        ["result"] = [CacheResults.Hit, CacheResults.Miss, CacheResults.Joined, CacheResults.Bypass, CacheResults.Error],
        ["direction"] = [AgentMetrics.Input, AgentMetrics.Output],
        ["job"] = ["agentplatform-api", "agentplatform-executor"],
    };

    public static async Task<ExportedMetrics> ReadAsync()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapMetrics());
        var text = await service.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return new ExportedMetrics(PrometheusText.Parse(text).Types);
    }

    /// <returns>What is wrong with the expression; empty when all it names exists.</returns>
    public IReadOnlyList<string> Mistakes(string expression)
    {
        var read = PromQl.Read(expression);
        List<string> mistakes = [.. read.Metrics.Where(metric => Family(metric) is null).Select(metric => $"no metric {metric}")];
        if (read.Metrics.Count == 0)
        {
            mistakes.Add("names no metric");
        }

        foreach (var (metric, label, value) in read.Labels)
        {
            string[] metrics = metric is null ? [.. read.Metrics] : [metric];
            if (!metrics.All(named => LabelsOf(named).Contains(label)))
            {
                mistakes.Add($"no label {label} of {string.Join(", ", metrics)}");
            }

            if (value is not null && !Values[label].Contains(value))
            {
                mistakes.Add($"{label} is never {value}");
            }
        }

        return mistakes;
    }

    /// <summary>The labels a series of the expression can have.</summary>
    public static IEnumerable<string> LabelsOf(string metric)
    {
        var family = metric.EndsWith("_bucket", StringComparison.Ordinal) ? metric[..^"_bucket".Length] : metric;
        var own = AgentMetrics.Labels.GetValueOrDefault(family, []);
        return [.. own, .. TargetLabels, .. family == metric ? (string[])[] : ["le"]];
    }

    private string? Family(string metric)
    {
        if (metric == Up || types.TryGetValue(metric, out var type) && type != "histogram")
        {
            return metric;
        }

        return types.Where(known => known.Value == "histogram").Select(known => known.Key)
            .FirstOrDefault(histogram => metric == histogram + "_bucket" || metric == histogram + "_sum" || metric == histogram + "_count");
    }

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
}
