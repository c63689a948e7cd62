using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Agents;

/// <summary>
/// The name of a definition's content: what a run stays on and what keys its cached answers. Comments, spacing, the
/// order of keys and the file's name do not count; every value does.
/// </summary>
internal static class AgentVersion
{
    private const string Member = "version";

    /// <summary>The definition with its version filled in.</summary>
    public static AgentDefinition Stamp(AgentDefinition definition) =>
        definition with { Version = Hash(JsonSerializer.SerializeToUtf8Bytes(Canonical(definition), AgentJson.Stored.JsonNode)) };

    /// <summary>The stored form, without the version.</summary>
    public static string Write(AgentDefinition definition) => JsonSerializer.Serialize(Canonical(definition), AgentJson.Stored.JsonNode);

    /// <summary>A stored form read back.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static AgentDefinition Read(string json, string version)
    {
        var node = JsonNode.Parse(json)?.AsObject() ?? throw new JsonException("A stored agent definition is null.");
        node[Member] = version;
        return node.Deserialize(AgentJson.Stored.AgentDefinition) ?? throw new JsonException("A stored agent definition is null.");
    }

    /// <summary>First 16 hex digits of the SHA-256.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));

    private static JsonNode Canonical(AgentDefinition definition)
    {
        var node = JsonSerializer.SerializeToNode(definition, AgentJson.Stored.AgentDefinition)!.AsObject();
        node.Remove(Member);
        return CanonicalJson.Of(node)!;
    }
}
