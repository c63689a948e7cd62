using System.Text.Json;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>
/// Reads <c>response_schema</c>. The schema library takes a misspelled type for no type at all, so the shape of the
/// schema is checked here, where the line is known.
/// </summary>
internal sealed class ResponseSchema(YamlSection agent)
{
    private const string Key = "response_schema";

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private int _errors;

    /// <summary>Null when there is none, or when it is wrong; then the errors say why.</summary>
    public JsonElement? Read()
    {
        if (agent.Find(Key) is not { } node || node is YamlText { IsNull: true })
        {
            return null;
        }

        Check(node, Key);
        if (_errors == 0 && !(node is YamlObject root && Member(root, "type") is YamlText { Value: "object" }))
        {
            Add(node, Key, "the answer must be an object: write 'type: object' and its properties");
        }

        if (_errors > 0)
        {
            return null;
        }

        var schema = YamlJson.Element(node);
        try
        {
            CompiledSchema.Parse(schema, closed: false);
            return schema;
        }
        catch (FormatException exception)
        {
            Add(node, Key, exception.Message);
            return null;
        }
    }

    private void Check(YamlValue node, string path)
    {
        if (node is not YamlObject schema)
        {
            Add(node, path, "a JSON schema is expected here: keys such as type and properties");
            return;
        }

        foreach (var (key, value) in schema.Members)
        {
            var name = $"{path}.{key.Value}";
            switch (key.Value)
            {
                case "type":
                    CheckType(value, name);
                    break;
                case "properties" or "$defs" or "definitions":
                    CheckEach(value as YamlObject, value, name);
                    break;
                case "items" or "not":
                    Check(value, name);
                    break;
                case "additionalProperties" when value is not YamlText { Plain: true, Value: "true" or "false" }:
                    Check(value, name);
                    break;
                case "anyOf" or "oneOf" or "allOf":
                    CheckList(value, name, item => Check(item, name));
                    break;
                case "required":
                    CheckList(value, name, item => Require(item is YamlText { IsNull: false }, item, name, "a property's name is expected here"));
                    break;
                case "enum":
                    CheckList(value, name, _ => { });
                    break;
            }
        }
    }

    private void CheckType(YamlValue value, string name)
    {
        if (value is YamlList list)
        {
            CheckList(list, name, item => CheckType(item, name));
            return;
        }

        // Unquoted null is YAML's null; the type of that name is written in quotes.
        var type = value is YamlText text ? text.IsNull ? "" : text.Value : "";
        Require(Types.Contains(type), value, name, $"a type is one of {string.Join(", ", Types)}, with \"null\" in quotes");
    }

    private void CheckEach(YamlObject? schemas, YamlValue value, string name)
    {
        Require(schemas is not null, value, name, "names with a JSON schema each are expected here");
        foreach (var (key, schema) in schemas?.Members ?? [])
        {
            Check(schema, $"{name}.{key.Value}");
        }
    }

    private void CheckList(YamlValue value, string name, Action<YamlValue> check)
    {
        Require(value is YamlList { Items.Count: > 0 }, value, name, "a list with at least one entry is expected here");
        foreach (var item in (value as YamlList)?.Items ?? [])
        {
            check(item);
        }
    }

    private static YamlValue? Member(YamlObject schema, string key) =>
        schema.Members.FirstOrDefault(member => member.Key.Value == key)?.Value;

    private void Require(bool fits, YamlValue at, string name, string message)
    {
        if (!fits)
        {
            Add(at, name, message);
        }
    }

    private void Add(YamlValue at, string name, string message)
    {
        _errors++;
        agent.Add(at, name, message);
    }
}
