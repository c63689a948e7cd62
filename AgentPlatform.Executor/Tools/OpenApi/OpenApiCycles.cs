using System.Text.Json.Nodes;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// Finds schemas that, to judge a value, must first judge the same value by themselves: <c>A = allOf [A]</c>. A schema that contains
/// itself further down in a value is fine.
/// </summary>
internal static class OpenApiCycles
{
    private static readonly string[] SameValue = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

    /// <exception cref="OpenApiUnusableException">There is one.</exception>
    public static void Check(IReadOnlyDictionary<string, JsonObject> definitions)
    {
        // Names without a way to themselves are taken away until none is left, or only those that have one.
        var open = definitions.ToDictionary(pair => pair.Key, pair => Steps(pair.Value).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        while (open.Where(pair => !pair.Value.Any(open.ContainsKey)).Select(pair => pair.Key).ToList() is { Count: > 0 } ended)
        {
            ended.ForEach(name => open.Remove(name));
        }

        if (open.Count > 0)
        {
            throw new OpenApiUnusableException($"the schema '{open.Keys.Order(StringComparer.Ordinal).First()}' is defined by itself");
        }
    }

    private static IEnumerable<string> Steps(JsonNode? schema) => schema switch
    {
        JsonArray parts => parts.SelectMany(Steps),
        JsonObject found => found
            .Where(member => SameValue.Contains(member.Key))
            .SelectMany(member => Steps(member.Value))
            .Concat(found["$ref"] is JsonValue reference ? [OpenApiSchemas.Target(reference)] : []),
        _ => [],
    };
}
