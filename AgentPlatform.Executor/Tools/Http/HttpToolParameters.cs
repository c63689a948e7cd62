using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>
/// The parameters of a tool, <c>Parameters:&lt;name&gt;:{Type, Description, Required, Items, Enum}</c>, as the JSON schema a model
/// sees. What these words cannot say, a JSON schema in <c>Parameters:&lt;name&gt;:Schema</c> can: a string, as configuration holds it.
/// </summary>
/// <param name="Names">As the configuration spells them.</param>
internal sealed record HttpToolParameters(IReadOnlyList<string> Names, JsonElement Schema)
{
    private static readonly string[] Known = ["Type", "Description", "Required", "Items", "Enum", "Schema"];
    private static readonly string[] Scalars = ["string", "integer", "number", "boolean"];
    private static readonly string[] Types = [.. Scalars, "array", "object"];

    /// <summary>Null when they make no schema.</summary>
    public static HttpToolParameters? Read(IConfigurationSection section, UrlTemplate? url, List<string> errors)
    {
        var before = errors.Count;
        var properties = new JsonObject();
        var required = new JsonArray();
        var parameters = section.GetChildren().ToList();
        foreach (var parameter in parameters)
        {
            var property = Property(parameter, errors);
            if (IsRequired(parameter, errors))
            {
                required.Add(parameter.Key);
            }
            else if (url?.InPath.Contains(parameter.Key) is true)
            {
                errors.Add($"{parameter.Path}:Required: it is part of the URL's path and cannot be left out. Remove the setting, or move the placeholder into the query.");
            }

            if (url?.Uses(parameter.Key) is true && property["type"] is JsonValue type && type.ToString() is "array" or "object")
            {
                errors.Add($"{parameter.Path}:Type: a placeholder of the URL takes {string.Join(", ", Scalars)} only.");
            }

            properties.Add(parameter.Key, property);
        }

        var names = parameters.Select(parameter => parameter.Key).ToList();
        foreach (var placeholder in url?.InPath.Concat(url.InQuery).Except(names) ?? [])
        {
            errors.Add($"{section.Path}:{placeholder}: the URL has the placeholder {{{placeholder}}}; declare a parameter of exactly this name.");
        }

        if (errors.Count > before)
        {
            return null;
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
        return new HttpToolParameters(names, JsonElement.Parse(schema.ToJsonString()));
    }

    private static JsonObject Property(IConfigurationSection parameter, List<string> errors)
    {
        foreach (var child in parameter.GetChildren().Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add($"{child.Path}: there is no such setting. Known are {string.Join(", ", Known)}.");
        }

        var property = parameter["Schema"] is { Length: > 0 } text ? Given(parameter, text, errors) : Described(parameter, errors);
        if (parameter["Description"] is { Length: > 0 } description)
        {
            property["description"] = description;
        }

        return property;
    }

    private static JsonObject Described(IConfigurationSection parameter, List<string> errors)
    {
        var type = TypeOf(parameter, "Type", Types, errors);
        var property = new JsonObject { ["type"] = type };
        if (type is "array")
        {
            property["items"] = new JsonObject { ["type"] = TypeOf(parameter, "Items", Types, errors) };
        }

        var choices = parameter.GetSection("Enum").GetChildren().Select(choice => choice.Value).ToList();
        if (choices.Count > 0)
        {
            property["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice))]);
            if (type is not "string")
            {
                errors.Add($"{parameter.Path}:Enum: only a string has choices here. Give the values of another type in Schema.");
            }
        }

        return property;
    }

    private static JsonObject Given(IConfigurationSection parameter, string text, List<string> errors)
    {
        if (parameter["Type"] is not null || parameter["Items"] is not null || parameter.GetSection("Enum").GetChildren().Any())
        {
            errors.Add($"{parameter.Path}: Schema takes the place of Type, Items and Enum. Remove one or the other.");
        }

        try
        {
            CompiledSchema.Parse(JsonElement.Parse(text), closed: false);
            return JsonNode.Parse(text)!.AsObject();
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            errors.Add($"{parameter.Path}:Schema: this is no JSON schema in one string. Give one such as {{\"type\":\"string\",\"pattern\":\"^[A-Z]+$\"}}.");
            return [];
        }
    }

    private static string TypeOf(IConfigurationSection parameter, string key, string[] types, List<string> errors)
    {
        var text = parameter[key]?.ToLowerInvariant() is { Length: > 0 } given ? given : "string";
        if (!types.Contains(text))
        {
            errors.Add($"{parameter.Path}:{key}: '{text}' is not one of {string.Join(", ", types)}.");
        }

        return text;
    }

    /// <summary>Unless it says otherwise: a forgotten argument is the commoner mistake.</summary>
    private static bool IsRequired(IConfigurationSection parameter, List<string> errors)
    {
        if (parameter["Required"] is not { Length: > 0 } text)
        {
            return true;
        }

        if (!bool.TryParse(text, out var required))
        {
            errors.Add($"{parameter.Path}:Required: '{text}' is neither true nor false.");
            return true;
        }

        return required;
    }
}
