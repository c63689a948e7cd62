using System.Text.RegularExpressions;
using AgentPlatform.Tests.Node;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Mcp;

/// <summary>The official conformance suite, and what <c>docs/mcp.md</c> says of each of its scenarios.</summary>
[Collection(SharedModelStack.Name)]
public sealed partial class McpConformanceTests(ModelStack shared, NodePackages node)
{
    private const string Passes = "passes";

    [Fact]
    public async Task Each_scenario_passes_or_is_known_not_to_apply()
    {
        var results = Directory.CreateTempSubdirectory("agentplatform-conformance-");
        try
        {
            var run = await node.RunAsync(
                "node_modules/@modelcontextprotocol/conformance/dist/index.js",
                ["server", "--url", $"{shared.Stack.Http.BaseAddress}mcp", "--suite", "all", "--output-dir", results.FullName],
                new Dictionary<string, string> { ["NODE_OPTIONS"] = $"--import={new Uri(Path.Combine(NodePackages.Folder, "fs-with-glob.mjs"))}" },
                TestContext.Current.CancellationToken);

            var found = Verdict().Matches(run.Output).ToDictionary(match => match.Groups["scenario"].Value, match => match.Groups["failed"].Value == "0");
            Assert.True(found.Count > 20, $"{run.Output}{run.Errors}");
            var documented = Documented();
            Assert.Equal(documented.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
            Assert.All(found, scenario => Assert.True(
                scenario.Value == documented[scenario.Key].StartsWith(Passes, StringComparison.Ordinal),
                $"{scenario.Key} {(scenario.Value ? "passes" : "fails")}, and docs/mcp.md says: {documented[scenario.Key]}"));
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    /// <summary>The rows of the table: what is said of each scenario.</summary>
    private static Dictionary<string, string> Documented()
    {
        var text = File.ReadAllText(Path.Combine(NodePackages.Folder, "..", "..", "docs", "mcp.md"));
        var section = text[text.IndexOf("### Conformance", StringComparison.Ordinal)..];
        section = section.Split("\n## ")[0];
        return Row().Matches(section).ToDictionary(match => match.Groups["scenario"].Value, match => match.Groups["verdict"].Value);
    }

    [GeneratedRegex(@"^[✓✗] (?<scenario>\S+): \d+ passed, (?<failed>\d+) failed", RegexOptions.Multiline)]
    private static partial Regex Verdict();

    [GeneratedRegex(@"^\| `(?<scenario>[a-z0-9-]+)` \| (?<verdict>.+) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
