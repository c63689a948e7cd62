using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>What stands under a key in Redis: an answer as JSON, or the run that is making it.</summary>
internal static class CacheEntry
{
    private const string FlightPrefix = "flight:";

    private static readonly CacheEntryJson Json = new(CreateOptions());

    /// <summary>The fresh answer, or the flight. The braces keep both names of one key on one node of a Redis cluster.</summary>
    public static RedisKey Name(AnswerKey key) => $"answer:{{{key}}}";

    /// <summary>
    /// The copy that outlives the fresh answer. Under a name of its own, or it would stand in the way of the next flight.
    /// </summary>
    public static RedisKey StaleName(AnswerKey key) => $"answer:{{{key}}}:stale";

    public static RedisValue Flight(Guid runId) => $"{FlightPrefix}{runId:N}";

    public static bool TryReadFlight(RedisValue value, out Guid runId)
    {
        runId = default;
        var text = (string?)value;
        return text?.StartsWith(FlightPrefix, StringComparison.Ordinal) == true
            && Guid.TryParseExact(text.AsSpan(FlightPrefix.Length), "N", out runId);
    }

    public static RedisValue Write(CachedAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Json.CachedAnswer);

    /// <summary>Null for anything that is not an answer of this version.</summary>
    public static CachedAnswer? Read(RedisValue value)
    {
        if (value.IsNullOrEmpty)
        {
            return null;
        }

        try
        {
            var answer = JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)value).Span, Json.CachedAnswer);
            return answer is { V: CachedAnswer.CurrentVersion } ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        WireJson.Apply(options);
        return options;
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(CachedAnswer))]
internal sealed partial class CacheEntryJson : JsonSerializerContext;
