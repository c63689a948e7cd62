using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.OpenApi;

/// <summary>Describes what all operations share: parameters of the path by their names, responses by their status.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    private const string ProblemJson = "application/problem+json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            ParameterFacts.Describe(parameter);
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is OpenApiResponse described && int.TryParse(status, CultureInfo.InvariantCulture, out var code)
                && (code < 400 || IsProblem(described)))
            {
                Describe(described, code);
            }
        }

        if (operation.Responses?.Values.OfType<OpenApiResponse>().FirstOrDefault(IsProblem) is { } problem)
        {
            operation.Responses["default"] = new OpenApiResponse { Description = "Any other problem.", Content = problem.Content };
        }

        // Operations that come with the service defaults have no name of their own.
        operation.OperationId ??= $"get{context.Description.RelativePath?.Trim('/') switch { [var first, .. var rest] => char.ToUpperInvariant(first) + rest, _ => "" }}";
        return Task.CompletedTask;
    }

    private static bool IsProblem(OpenApiResponse response) => response.Content?.ContainsKey(ProblemJson) is true;

    private static void Describe(OpenApiResponse response, int status)
    {
        response.Description = status switch
        {
            200 => response.Description is null or "OK" ? "Done." : response.Description,
            201 => "Created; `Location` says where.",
            202 => "Accepted; `status` says how the run stands.",
            204 => "Done; nothing to say.",
            400 => "Something in the request is wrong; `field` says what.",
            404 => "There is no such thing.",
            409 => "It is not as it would have to be for this; `code` says what it is.",
            412 => "The stored version is not the one you have seen.",
            413 => "The body is too large.",
            415 => "The body must be application/json.",
            422 => "A limit of the agent was reached (`strict` only).",
            429 => "A budget does not allow another run now; `budget` says which, and when it begins anew.",
            500 => "A mistake of ours.",
            502 => "The model failed (`strict` only).",
            503 => "Not available now: executor, database, cache, or too much to do.",
            504 => "Not answered in time (`strict` only), or not in the cache (`only-if-cached` only).",
            _ => response.Description,
        };
        if (status is 429 or 503)
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
