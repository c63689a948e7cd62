using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>A tool that the caller offers, read from its JSON schema.</summary>
internal sealed class OfferedTool(AIFunctionDeclaration function)
{
    private readonly JsonProperty[] _properties = Properties(Member(function.JsonSchema, "properties", JsonValueKind.Object));
    private readonly string[] _required = Names(Member(function.JsonSchema, "required", JsonValueKind.Array));

    public string Name => function.Name;

    /// <summary>Plugins put their own name in front: <c>math-calculator</c> is the calculator too.</summary>
    public bool Is(string name) => Matches(Name, name);

    public static bool Matches(string offered, string name) =>
        offered.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (offered.Length == name.Length || offered[^(name.Length + 1)] is '-' or '_' or '.' or '/');

    /// <summary>The first of these parameters that the schema has, or null.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            foreach (var property in _properties)
            {
                if (property.Name.Replace("_", "", StringComparison.Ordinal).Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Name;
                }
            }
        }

        return null;
    }

    /// <summary>The first required text parameter, or the first text parameter.</summary>
    public string? MainText() =>
        _properties.Where(IsText).OrderByDescending(property => _required.Contains(property.Name)).Select(property => property.Name).FirstOrDefault();

    /// <summary>These arguments, and for every other required parameter the plainest value its type allows.</summary>
    public Dictionary<string, object?> Complete(string? parameter, object? value)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (parameter is not null)
        {
            arguments[parameter] = value;
        }

        foreach (var property in _properties.Where(property => _required.Contains(property.Name)))
        {
            arguments.TryAdd(property.Name, SchemaAnswer.Plainest(property.Value));
        }

        return arguments;
    }

    private static JsonProperty[] Properties(JsonElement properties) => properties.ValueKind == JsonValueKind.Object ? [.. properties.EnumerateObject()] : [];

    private static bool IsText(JsonProperty property) => SchemaAnswer.TypeOf(property.Value) == "string";

    private static JsonElement Member(JsonElement schema, string name, JsonValueKind kind) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : default;

    private static string[] Names(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];
}
