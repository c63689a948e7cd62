using System.Text.Json;
using AgentPlatform.Tests.Node;

namespace AgentPlatform.Tests.Executor.Agents;

/// <summary>The schema as it is published, and its keys with a file for each that sets only that one.</summary>
internal static class AgentSchema
{
    public static string File { get; } = Path.GetFullPath(Path.Combine(NodePackages.Folder, "..", "..", "docs", "agent.schema.json"));

    public static JsonElement Root { get; } = JsonElement.Parse(System.IO.File.ReadAllText(File));

    /// <summary>Every key and every entry of a list at any depth, and every mapping whose keys are known.</summary>
    public static IEnumerable<AgentSchemaNode> Nodes() => Below(new AgentSchemaNode("", Root, json => json));

    private static IEnumerable<AgentSchemaNode> Below(AgentSchemaNode node)
    {
        yield return node;
        var below = new List<AgentSchemaNode>();
        // What is open describes something else than an agent, such as the schema of an answer.
        if (node.IsClosed)
        {
            below.AddRange(node.Schema.GetProperty("properties").EnumerateObject().Select(member => new AgentSchemaNode(
                node.Path.Length == 0 ? member.Name : $"{node.Path}.{member.Name}",
                member.Value,
                json => node.Wrap($$"""{"{{member.Name}}":{{json}}}"""))));
        }

        if (node.Schema.TryGetProperty("items", out var items))
        {
            below.Add(new AgentSchemaNode($"{node.Path}[0]", items, json => node.Wrap($"[{json}]")));
        }

        if (node.Schema.TryGetProperty("additionalProperties", out var each) && each.ValueKind == JsonValueKind.Object)
        {
            below.Add(new AgentSchemaNode($"{node.Path}.any", each, json => node.Wrap($$"""{"any":{{json}}}""")));
        }

        foreach (var found in below.SelectMany(Below))
        {
            yield return found;
        }
    }
}

/// <summary>A place in an agent's file.</summary>
/// <param name="Path">As the parser writes it in errors.</param>
/// <param name="Wrap">Makes a value at this place, as JSON, into the whole document.</param>
internal sealed record AgentSchemaNode(string Path, JsonElement Schema, Func<string, string> Wrap)
{
    public bool IsClosed => Schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False;
}
