using System.Security.Cryptography;

namespace AgentPlatform.Core.ChatModels;

/// <summary>Every call of a reply needs an id of its own, because every result names one; not every model server gives it.</summary>
internal static class UniqueCallIds
{
    public static IReadOnlyList<ModelToolCall> Ensure(IEnumerable<ModelToolCall> calls)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. calls.Select(call => taken.Add(call.CallId) && call.CallId.Trim().Length > 0 ? call : call with { CallId = Generate() })];
    }

    private static string Generate() => $"call_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}
