using System.Text.Json;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Reads a body as JSON, whatever its members are.</summary>
internal static class RequestBody
{
    // Schemas of outputs and tools are nested.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static async ValueTask<OrProblem<JsonElement>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (JsonBody.RefusedHeaders(request, JsonBody.MaxBytes) is { } refused)
        {
            return refused;
        }

        var body = await JsonBody.ReadBytesAsync(request, JsonBody.MaxBytes, cancellationToken);
        try
        {
            if (body.Length > JsonBody.MaxBytes)
            {
                return JsonBody.TooLarge(JsonBody.MaxBytes);
            }

            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : Problem.Invalid("body", "The body must be a JSON object.");
        }
        catch (JsonException)
        {
            return Problem.Invalid("body", "The body is not JSON, or names a member twice.");
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }
}
