using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.OpenApi;

/// <summary>Describes what all operations share: parameters by their names, problems by their status.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            ParameterFacts.Describe(parameter);
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is OpenApiResponse described && int.TryParse(status, CultureInfo.InvariantCulture, out var code))
            {
                Describe(described, code);
            }
        }

        // Operations that come with the service defaults have no name of their own.
        operation.OperationId ??= $"get{context.Description.RelativePath?.Trim('/') switch { [var first, .. var rest] => char.ToUpperInvariant(first) + rest, _ => "" }}";
        return Task.CompletedTask;
    }

    private static void Describe(OpenApiResponse response, int status)
    {
        response.Description = status switch
        {
            200 => response.Description is null or "OK" ? "Done." : response.Description,
            201 => "Created; `Location` says where.",
            202 => "Accepted; the run waits for a person's decision.",
            204 => "Done; nothing to say.",
            400 => "Something in the request is wrong; `field` says what.",
            404 => "There is no such thing.",
            409 => "It exists already, or is at work.",
            412 => "The stored version is not the one you have seen.",
            413 => "The body is too large.",
            415 => "The body must be application/json.",
            422 => "A limit of the agent was reached (`strict` only).",
            429 => "Too many requests.",
            500 => "A mistake of ours.",
            502 => "The model failed (`strict` only).",
            503 => "Not available now: executor, database, or too much to do.",
            504 => "Not answered in time (`strict` only).",
            _ => response.Description,
        };
        if (status is 429 or 503 && response.Content?.ContainsKey("application/problem+json") is true)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which trying again makes sense.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
                },
            };
        }
    }
}
