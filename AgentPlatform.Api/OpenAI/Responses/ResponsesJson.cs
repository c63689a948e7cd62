using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>The dialect of the Responses API: nulls are written, as clients expect them.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(WordConverter<FailureReason>), typeof(WordConverter<DegradationLevel>), typeof(WordConverter<Rung>), typeof(WordConverter<RungOutcome>)])]
[JsonSerializable(typeof(ResponseBody))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ResponseEcho))]
[JsonSerializable(typeof(ToldLabel))]
[JsonSerializable(typeof(InputItemList))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(ResponseErrors.Body))]
internal sealed partial class ResponsesJson : JsonSerializerContext
{
    /// <summary>The same, with text as it is and not escaped beyond need.</summary>
    public static ResponsesJson Relaxed { get; } = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The same for what is kept: without nulls.</summary>
    public static ResponsesJson Compact { get; } = new(new JsonSerializerOptions(Relaxed.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    /// <summary>An enumeration as words.</summary>
    internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
        where T : struct, Enum;
}
