using System.Text.Json.Nodes;

namespace AgentPlatform.Executor.Tools;

/// <summary>JSON with the members of its objects in order, so that equal values have equal digests.</summary>
internal static class CanonicalJson
{
    public static JsonNode? Of(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Of)]),
        _ => node?.DeepClone(),
    };
}
