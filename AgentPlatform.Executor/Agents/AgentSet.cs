using System.Collections.Frozen;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Agents;

/// <summary>All agents at one moment, and how callers see them. Replaced as a whole, so that nobody sees half a change.</summary>
internal sealed class AgentSet
{
    private readonly FrozenDictionary<string, AgentDefinition> _definitions;
    private readonly FrozenDictionary<string, AgentInfo> _infos;

    public AgentSet(IReadOnlyList<AgentDefinition> definitions, ToolCatalogue tools, AgentModels models)
    {
        Current = definitions;
        _definitions = definitions.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);
        var infos = definitions.Select(definition => AgentInfos.Describe(definition, tools, models)).ToArray();
        _infos = infos.ToFrozenDictionary(info => info.Name, StringComparer.Ordinal);
        Json = JsonSerializer.SerializeToUtf8Bytes(infos, WireJson.Options);
        ETag = $"\"{AgentVersion.Hash(Json)}\"";
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<AgentDefinition> Current { get; }

    /// <summary>The body of <c>GET /agents</c>.</summary>
    public byte[] Json { get; }

    /// <summary>Quoted, as the header wants it; another for any change a caller can see.</summary>
    public string ETag { get; }

    /// <summary>For people.</summary>
    public string Names => string.Join(", ", Current.Select(definition => definition.Name));

    public AgentDefinition? Find(string name) => _definitions.GetValueOrDefault(name);

    public AgentInfo? Describe(string name) => _infos.GetValueOrDefault(name);
}
