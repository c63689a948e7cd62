using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>The dialect of the Responses API: nulls are written, as clients expect them.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(WordsConverter)])]
[JsonSerializable(typeof(ResponseBody))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ResponseEcho))]
[JsonSerializable(typeof(ToldLabel))]
[JsonSerializable(typeof(InputItemList))]
[JsonSerializable(typeof(DeletedResponse))]
internal sealed partial class ResponsesJson : JsonSerializerContext
{
    /// <summary>The same, with text as it is and not escaped beyond need.</summary>
    public static ResponsesJson Relaxed { get; } = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The same for what is kept: without nulls.</summary>
    public static ResponsesJson Compact { get; } = new(new JsonSerializerOptions(Relaxed.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    /// <summary>Enumerations as words.</summary>
    internal sealed class WordsConverter() : JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
}
