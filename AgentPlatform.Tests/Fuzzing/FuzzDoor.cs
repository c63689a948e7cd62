using System.Text.Json.Nodes;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>One route as a fuzzer sees it.</summary>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Query">Names of the parameters it knows.</param>
/// <param name="Body">Makes a body that would do; null where none is read.</param>
internal sealed record FuzzDoor(string Method, string Path, IReadOnlyList<string> Query, Func<Random, JsonNode?>? Body)
{
    public FuzzDoor(string method, string path, string? sample = null, params string[] query)
        : this(method, path, query, sample is null ? null : _ => JsonNode.Parse(sample))
    {
    }
}
