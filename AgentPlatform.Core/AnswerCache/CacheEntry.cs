using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;
using StackExchange.Redis;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>What stands under a key in Redis: an answer as JSON, or the run that is making it.</summary>
internal static class CacheEntry
{
    internal const string FlightPrefix = "flight:";

    private static readonly CacheEntryJson Json = new(CreateOptions());

    public static RedisValue Flight(Guid runId) => $"{FlightPrefix}{runId:N}";

    public static bool TryReadFlight(RedisValue value, out Guid runId)
    {
        runId = default;
        // Answers are long: only what has the length of a flight is looked at as text.
        return value.Length() == FlightPrefix.Length + 32
            && (string?)value is { } text
            && text.StartsWith(FlightPrefix, StringComparison.Ordinal)
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
