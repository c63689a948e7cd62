using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools.Mcp;

namespace AgentPlatform.Executor.Agents;

/// <summary>The stored form of a definition: the dialect of our wire, absent instead of null.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AgentDefinition))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(McpServerDefinition))]
internal sealed partial class AgentJson : JsonSerializerContext
{
    public static AgentJson Stored { get; } = CreateStored();

    private static AgentJson CreateStored()
    {
        var options = new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        WireJson.Apply(options);
        return new AgentJson(options);
    }
}
