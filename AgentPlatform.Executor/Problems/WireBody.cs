using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Problems;

/// <summary>Bodies the API sends.</summary>
internal static class WireBody
{
    /// <summary>At the door neither null nor nothing stands for what must be there, as it may in what is stored.</summary>
    private static readonly JsonSerializerOptions Strict = new(WireJson.Options)
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = WireJson.Options.TypeInfoResolver!.WithAddedModifier(Require),
    };

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

    private static void Require(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false }))
        {
            property.IsRequired = true;
        }
    }
}
