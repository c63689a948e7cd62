using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>YAML values as the JSON they stand for, by YAML's core schema.</summary>
internal static class YamlJson
{
    public static JsonElement Element(YamlValue value) =>
        JsonSerializer.SerializeToElement(Node(value), AgentJson.Stored.JsonNode);

    private static JsonNode? Node(YamlValue value) => value switch
    {
        YamlObject found => new JsonObject(found.Members.Select(member => KeyValuePair.Create(member.Key.Value, Node(member.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Node)]),
        YamlText { IsNull: true } => null,
        YamlText { Plain: true, Value: "true" or "True" or "TRUE" } => JsonValue.Create(true),
        YamlText { Plain: true, Value: "false" or "False" or "FALSE" } => JsonValue.Create(false),
        YamlText { Plain: true } text when decimal.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            // Without trailing zeros: 1.0 and 1.00 are one value and must be one version.
            JsonValue.Create(number / 1.000000000000000000000000000000000m),
        YamlText text => JsonValue.Create(text.Value),
        _ => throw new InvalidOperationException($"Unknown node {value.GetType().Name}."),
    };
}
