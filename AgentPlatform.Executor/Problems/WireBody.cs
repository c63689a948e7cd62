using System.Text.Json;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Problems;

/// <summary>Bodies the API sends.</summary>
internal static class WireBody
{
    /// <summary>Null when it is not such a body.</summary>
    public static async Task<T?> ReadWireAsync<T>(this HttpRequest request)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, WireJson.Options, request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
