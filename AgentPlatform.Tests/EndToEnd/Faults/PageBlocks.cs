using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>The commands of a page and what it says they answer.</summary>
internal static partial class PageBlocks
{
    /// <summary>The agent that the page shows.</summary>
    public static string Yaml(string page) => YamlBlock().Match(page).Groups["yaml"].Value;

    /// <summary>Each <c>curl</c> of <c>/agent</c> with the JSON shown under it, in their order.</summary>
    public static IEnumerable<Step> Steps(string page) => CommandBlock().Matches(page).Select(block => new Step(
        (JsonObject)JsonNode.Parse(Body().Match(block.Groups["command"].Value).Groups["body"].Value)!,
        [.. Header().Matches(block.Groups["command"].Value).Select(header => (header.Groups["name"].Value, header.Groups["value"].Value))],
        JsonElement.Parse(block.Groups["answer"].Value)));

    /// <summary>One command and its answer.</summary>
    internal sealed record Step(JsonObject Body, (string Name, string Value)[] Headers, JsonElement Answer)
    {
        public override string ToString() => $"{string.Join(", ", Headers.Select(header => $"{header.Name}: {header.Value}"))} {Body.ToJsonString()}";
    }

    [GeneratedRegex(@"```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"```sh\n(?<command>curl -s localhost:5080/agent [^`]*?)```\n```json\n(?<answer>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CommandBlock();

    [GeneratedRegex(@"-d '(?<body>[^']+)'")]
    private static partial Regex Body();

    [GeneratedRegex(@"-H '(?<name>X-Fault|Accept-Language): (?<value>[^']+)'")]
    private static partial Regex Header();
}
