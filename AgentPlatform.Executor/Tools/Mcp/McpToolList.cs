using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Executor.Agents;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// What a server lists, read as text from a stranger: names become names that models accept, descriptions lose characters that
/// nobody sees and whatever is beyond their length, schemas must be readable and of bounded size. A tool that cannot be offered is
/// left out, with a reason; two that would have one name are both.
/// </summary>
internal static class McpToolList
{
    private const int MaxDescription = 2_000;
    private const int MaxSchema = 32 * 1024;
    private const int MaxDepth = 32;

    /// <param name="left">Tools that are not offered, by the server's name for them, and why.</param>
    public static IReadOnlyList<McpListedTool> Read(McpServerDefinition server, IReadOnlyList<Tool> listed, out IReadOnlyList<(string Tool, string Reason)> left)
    {
        var without = new List<(string, string)>();
        var tools = new List<McpListedTool>();
        foreach (var same in listed.GroupBy(tool => McpNames.Of(server.Name, tool.Name), StringComparer.Ordinal))
        {
            if (same.Skip(1).Any())
            {
                var names = string.Join("' and '", same.Select(tool => Short(tool.Name)));
                without.AddRange(same.Select(tool => (Short(tool.Name), $"'{names}' would both be called '{same.Key}'")));
            }
            else if (Read(server, same.Key, same.First(), out var reason) is { } tool)
            {
                tools.Add(tool);
            }
            else
            {
                without.Add((Short(same.First().Name), reason));
            }
        }

        left = without;
        return tools;
    }

    private static McpListedTool? Read(McpServerDefinition server, string name, Tool tool, out string reason)
    {
        reason = "";
        if (string.IsNullOrEmpty(tool.Name) || tool.Name == "*")
        {
            reason = "it has no name";
            return null;
        }

        if (tool.InputSchema.GetRawText().Length > MaxSchema)
        {
            reason = $"its schema has more than {MaxSchema} characters";
            return null;
        }

        try
        {
            var schema = JsonSerializer.SerializeToElement(Clean(JsonNode.Parse(tool.InputSchema.GetRawText()), 0));
            CompiledSchema.Parse(schema, closed: true);
            var description = Text(tool.Description ?? tool.Title ?? "", MaxDescription);
            return new McpListedTool(name, tool, description, schema, McpEffects.Of(tool, server), Hash(tool, description, schema));
        }
        catch (FormatException exception)
        {
            reason = exception.Message;
            return null;
        }
    }

    /// <summary>The effect is no part of it: that is the operator's word as much as the server's.</summary>
    private static string Hash(Tool tool, string description, JsonElement schema) => AgentVersion.Hash(JsonSerializer.SerializeToUtf8Bytes(CanonicalJson.Of(new JsonObject
    {
        ["name"] = tool.Name,
        ["description"] = description,
        ["schema"] = JsonNode.Parse(schema.GetRawText()),
        ["read_only"] = tool.Annotations?.ReadOnlyHint,
        ["idempotent"] = tool.Annotations?.IdempotentHint,
    })));

    /// <summary>Texts inside a schema reach the model like the description does.</summary>
    private static JsonNode? Clean(JsonNode? node, int depth) => node switch
    {
        _ when depth > MaxDepth => throw new FormatException($"its schema is nested deeper than {MaxDepth} levels"),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Clean(member.Value, depth + 1)))),
        JsonArray items => new JsonArray([.. items.Select(item => Clean(item, depth + 1))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Text(text, MaxDescription)),
        _ => node?.DeepClone(),
    };

    private static string Text(string text, int length)
    {
        var seen = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in ToolText.Clean(text).EnumerateRunes())
        {
            // Format characters hide text or turn it around: what a person reviews must be what the model reads.
            if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.PrivateUse)
            {
                continue;
            }

            if (seen.Length + rune.Utf16SequenceLength > length)
            {
                break;
            }

            seen.Append(rune);
        }

        return seen.ToString();
    }

    private static string Short(string name) => Text(name, 100);
}
