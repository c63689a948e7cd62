using System.Text.Json;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Problems;

/// <summary>Bodies the API sends.</summary>
internal static class WireBody
{
    /// <summary>At the door null does not stand for what must be there, as it may in what is stored.</summary>
    private static readonly JsonSerializerOptions Strict =
        new(WireJson.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Null when it is not such a body.</summary>
    public static async Task<T?> ReadWireAsync<T>(this HttpRequest request)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Strict, request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
