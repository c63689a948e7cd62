using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>The dialect of the Responses API: nulls are written, as clients expect them, and text is not escaped beyond need.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ResponseBody))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ResponseEcho))]
[JsonSerializable(typeof(ToldLabel))]
[JsonSerializable(typeof(InputItemList))]
[JsonSerializable(typeof(DeletedResponse))]
internal sealed partial class ResponsesJson : JsonSerializerContext
{
    public static ResponsesJson Spoken { get; } = Create(JsonIgnoreCondition.Never);

    /// <summary>The same for what is kept: without nulls.</summary>
    public static ResponsesJson Kept { get; } = Create(JsonIgnoreCondition.WhenWritingNull);

    private static ResponsesJson Create(JsonIgnoreCondition ignored) => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = ignored,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    });
}
