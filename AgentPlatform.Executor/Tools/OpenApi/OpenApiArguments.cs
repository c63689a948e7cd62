using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// Parameters and body of an operation, flattened into the one object that a model fills. Who comes first keeps its name; another
/// of the same name gets its place before it: <c>query_id</c>, <c>body_id</c>.
/// </summary>
internal sealed class OpenApiArguments(OpenApiSchemas schemas)
{
    /// <summary>Beyond this the schema would fill the model's context before the question does.</summary>
    private const int MaxSchemaLength = 64 * 1024;

    /// <summary>Parts of a body that are looked into; one that has more is a whole.</summary>
    private const int MaxParts = 500;

    /// <summary>Words that say of an object what its members alone do not.</summary>
    private static readonly string[] Closing = ["anyOf", "oneOf", "not", "if", "minProperties", "maxProperties", "const", "enum"];

    private readonly List<OpenApiArgument> _arguments = [];
    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];
    private int _parts;

    public IReadOnlyList<OpenApiArgument> All => _arguments;

    public void Add(OpenApiArgument argument, JsonObject schema, bool isRequired)
    {
        var name = Free(argument);
        _arguments.Add(argument with { Argument = name });
        _properties[name] = schema;
        if (isRequired)
        {
            _required.Add(name);
        }
    }

    /// <summary>Its members when it is a plain object, else the whole as <c>body</c>.</summary>
    public void AddBody(JsonObject schema, bool isRequired, string description)
    {
        var required = new HashSet<string>(StringComparer.Ordinal);
        var members = Members(schema, required);
        if (members is not { Count: > 0 } || (!isRequired && required.Count > 0))
        {
            var whole = (JsonObject)schema.DeepClone();
            if (description.Length > 0 && !whole.ContainsKey("description") && !whole.ContainsKey("$ref"))
            {
                whole["description"] = description;
            }

            Add(new OpenApiArgument("body", "", OpenApiPlace.Body), whole, isRequired);
            return;
        }

        foreach (var (name, member) in members)
        {
            Add(new OpenApiArgument("", name, OpenApiPlace.Member), (JsonObject)member.DeepClone(), required.Contains(name));
        }
    }

    /// <exception cref="OpenApiUnusableException">It is too large.</exception>
    public JsonElement Schema()
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = _properties.DeepClone(), ["required"] = _required.DeepClone(), ["additionalProperties"] = false };
        if (schemas.Used(_properties) is { Count: > 0 } definitions)
        {
            schema["definitions"] = definitions;
        }

        var text = schema.ToJsonString();
        return text.Length <= MaxSchemaLength
            ? JsonElement.Parse(text)
            : throw new OpenApiUnusableException($"the schema of its arguments has {text.Length} characters, more than {MaxSchemaLength}");
    }

    /// <summary>Null when it is anything but an object of exactly the members it names.</summary>
    private Dictionary<string, JsonObject>? Members(JsonObject schema, HashSet<string> required)
    {
        schema = schemas.Resolve(schema);
        var isOpen = schema["additionalProperties"] is JsonObject || (schema["additionalProperties"] is JsonValue value && value.GetValueKind() is JsonValueKind.True);
        var isObject = schema["type"] is null or JsonValue && schema["type"]?.GetValue<string>() is null or "object";
        if (++_parts > MaxParts || isOpen || !isObject || Closing.Any(schema.ContainsKey))
        {
            return null;
        }

        var members = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var part in schema["allOf"] as JsonArray ?? [])
        {
            if (part is not JsonObject found || Members(found, required) is not { } inner)
            {
                return null;
            }

            foreach (var (name, member) in inner)
            {
                members[name] = member;
            }
        }

        foreach (var (name, member) in schema["properties"] as JsonObject ?? [])
        {
            members[name] = member as JsonObject ?? [];
        }

        required.UnionWith((schema["required"] as JsonArray ?? []).Select(item => item!.GetValue<string>()));
        return members;
    }

    private string Free(OpenApiArgument argument)
    {
        var name = OpenApiNames.Argument(argument.Name.Length > 0 ? argument.Name : argument.Argument);
        if (!_properties.ContainsKey(name))
        {
            return name;
        }

        var place = argument.Place is OpenApiPlace.Member ? "body" : argument.Place.ToString().ToLowerInvariant();
        var candidates = Enumerable.Range(1, int.MaxValue).Select(number => OpenApiNames.Argument(number == 1 ? $"{place}_{name}" : $"{place}_{name}_{number}"));
        return candidates.First(candidate => !_properties.ContainsKey(candidate));
    }
}
