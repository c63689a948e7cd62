using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Tests.Api.Contract;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace AgentPlatform.Tests.Monitoring;

/// <summary>The alerts and the dashboard in <c>docs/monitoring</c> speak of metrics that there are.</summary>
public sealed partial class MonitoringFilesTests
{
    private static readonly string[] Wanted =
    [
        "agent_requests_total", "agent_errors_total", "agent_fallbacks_total", "agent_duration_seconds", "agent_iterations", "agent_orphaned_runs",
        "agent_queue_depth", "agent_cache_total", "agent_cost_usd_total", "agent_recovery_seconds", "up",
    ];

    private static readonly HashSet<string> Members = ["alert", "expr", "for", "labels", "annotations"];

    [Fact]
    public async Task Every_alert_is_a_rule_of_Prometheus_over_metrics_that_exist()
    {
        var exported = await ExportedMetrics.ReadAsync();
        var names = new HashSet<string>();
        var metrics = new HashSet<string>();
        foreach (var group in Sequence(Alerts(), "groups").Cast<YamlMappingNode>())
        {
            Assert.Equal(["name", "rules"], group.Children.Keys.Select(key => $"{key}"));
            foreach (var rule in Sequence(group, "rules").Cast<YamlMappingNode>())
            {
                Assert.Subset(Members, rule.Children.Keys.Select(key => $"{key}").ToHashSet());
                var alert = Text(rule, "alert");
                Assert.True(names.Add(alert) && AlertName().IsMatch(alert), alert);
                Assert.True(!rule.Children.ContainsKey("for") || Duration().IsMatch(Text(rule, "for")), alert);
                Assert.Contains(Text((YamlMappingNode)rule["labels"], "severity"), (string[])["critical", "warning"]);
                Assert.NotEqual("", Text((YamlMappingNode)rule["annotations"], "summary"));
                Assert.NotEqual("", Text((YamlMappingNode)rule["annotations"], "description"));
                Assert.True(exported.Mistakes(Text(rule, "expr")) is [], $"{alert}: {string.Join("; ", exported.Mistakes(Text(rule, "expr")))}");
                metrics.UnionWith(PromQl.Read(Text(rule, "expr")).Metrics);
            }
        }

        Assert.All(Wanted, metric => Assert.Contains(metrics, named => named == metric || named == metric + "_bucket"));
    }

    [Fact]
    public async Task Every_panel_of_the_dashboard_shows_metrics_that_exist()
    {
        var exported = await ExportedMetrics.ReadAsync();
        var dashboard = JsonElement.Parse(await File.ReadAllTextAsync(FileOf("dashboard.json"), TestContext.Current.CancellationToken));

        Assert.Equal("AgentPlatform", dashboard.GetProperty("title").GetString());
        Assert.True(dashboard.GetProperty("schemaVersion").GetInt32() >= 36);
        Assert.Equal("datasource", dashboard.GetProperty("templating").GetProperty("list")[0].GetProperty("name").GetString());
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (var panel in panels)
        {
            var title = panel.GetProperty("title").GetString()!;
            var place = panel.GetProperty("gridPos");
            Assert.True(place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32() <= 24, title);
            Assert.NotEqual(0, panel.GetProperty("targets").GetArrayLength());
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString());
                var expression = target.GetProperty("expr").GetString()!;
                Assert.True(exported.Mistakes(expression) is [], $"{title}: {string.Join("; ", exported.Mistakes(expression))}");
                var labels = PromQl.Read(expression).Metrics.SelectMany(ExportedMetrics.LabelsOf).ToHashSet();
                Assert.All(Legend().Matches(target.GetProperty("legendFormat").GetString()!), label => Assert.Contains(label.Groups[1].Value, labels));
            }
        }
    }

    [Theory]
    [InlineData("sum(rate(agent_request_total[5m]))", "no metric agent_request_total")]
    [InlineData("agent_duration_seconds", "no metric agent_duration_seconds")]
    [InlineData("sum by (tenant) (agent_active_runs)", "no label tenant of agent_active_runs")]
    [InlineData("agent_fallbacks_total{level=\"worst\"}", "level is never worst")]
    [InlineData("agent_active_runs{level=\"stale\"}", "no label level of agent_active_runs")]
    [InlineData("vector(1)", "names no metric")]
    public async Task A_name_that_nobody_exports_is_found(string expression, string mistake) =>
        Assert.Equal(mistake, Assert.Single((await ExportedMetrics.ReadAsync()).Mistakes(expression)));

    private static YamlMappingNode Alerts()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(FileOf("alerts.yaml"))));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static YamlSequenceNode Sequence(YamlMappingNode node, string member) => (YamlSequenceNode)node[member];

    private static string Text(YamlMappingNode node, string member) => ((YamlScalarNode)node[member]).Value!;

    private static string FileOf(string name) => Path.Combine(Snapshot.Root(), "docs/monitoring", name);

    [GeneratedRegex("^AgentPlatform[A-Z][A-Za-z]+$")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^\d+[smhd]$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Legend();
}
