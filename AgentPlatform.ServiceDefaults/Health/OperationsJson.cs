using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>JSON of the operational endpoints: snake_case, absent instead of null.</summary>
internal static class OperationsJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
