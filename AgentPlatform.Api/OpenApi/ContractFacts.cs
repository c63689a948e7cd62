using System.Net.Mime;
using System.Text.Json.Nodes;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Streaming;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.OpenApi;

/// <summary>What an endpoint tells the API description beyond its signature. Stated where the endpoint is mapped.</summary>
internal static class ContractFacts
{
    /// <summary>The problems this endpoint answers with, by status.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    /// <summary>A JSON body that the endpoint reads itself.</summary>
    public static RouteHandlerBuilder WithBody<T>(this RouteHandlerBuilder endpoint, BodyShape shape)
        where T : notnull
    {
        endpoint.Accepts<T>(shape.Optional, MediaTypeNames.Application.Json);
        return endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.RequestBody is OpenApiRequestBody body && body.Content?[MediaTypeNames.Application.Json] is OpenApiMediaType json)
            {
                body.Required = !shape.Optional;
                json.Example = JsonNode.Parse(shape.Example);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>A JSON body in the form of OpenAI's API, which its own documentation describes.</summary>
    public static RouteHandlerBuilder WithOpenAIBody(this RouteHandlerBuilder endpoint, string example) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object }, Example = JsonNode.Parse(example) },
                },
            };
            return Task.CompletedTask;
        });

    /// <summary>Any JSON document as body.</summary>
    public static RouteHandlerBuilder WithDocumentBody(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypeNames.Application.Json] = new OpenApiMediaType { Schema = new OpenApiSchema(), Example = new JsonObject { ["cart"] = new JsonArray("4711") } },
                },
            };
            return Task.CompletedTask;
        });

    /// <summary>Query parameters, described in <see cref="ParameterFacts"/>.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, params string[] names) =>
        WithParameters(endpoint, ParameterLocation.Query, names);

    /// <summary>The request headers of a conditional write.</summary>
    public static RouteHandlerBuilder WithPreconditions(this RouteHandlerBuilder endpoint) =>
        WithParameters(endpoint, ParameterLocation.Header, ["If-Match", "If-None-Match"]);

    /// <summary>The response header that names the version.</summary>
    public static RouteHandlerBuilder WithETag(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?["200"] is OpenApiResponse ok)
            {
                ok.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["ETag"] = new OpenApiHeader
                    {
                        Description = "The version of the document, for If-Match.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["\"3\""] },
                    },
                };
            }

            return Task.CompletedTask;
        });

    /// <summary>The response header that says where the new thing is.</summary>
    public static RouteHandlerBuilder WithLocation(this RouteHandlerBuilder endpoint, string status) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?[status] is OpenApiResponse response)
            {
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Location"] = new OpenApiHeader
                    {
                        Description = "Where to look at the run.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["/runs/01963c5e-8b2a-7c3d-9e4f-0123456789ab"] },
                    },
                };
            }

            return Task.CompletedTask;
        });

    /// <summary>Where a stream goes on.</summary>
    public static RouteHandlerBuilder WithEventIds(this RouteHandlerBuilder endpoint) => WithParameters(
        WithParameters(endpoint, ParameterLocation.Header, ["Last-Event-ID"]), ParameterLocation.Query, ["last_event_id"]);

    /// <summary>200 as server-sent events.</summary>
    public static RouteHandlerBuilder WithEventStream(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses ??= [];
            if (!operation.Responses.TryGetValue("200", out var known) || known is not OpenApiResponse ok)
            {
                operation.Responses["200"] = ok = new OpenApiResponse { Description = "The events." };
            }

            ok.Content ??= new Dictionary<string, OpenApiMediaType>();
            ok.Content[EventStream.ContentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = EventFacts.Description },
                Example = EventFacts.Example,
            };
            return Task.CompletedTask;
        });

    /// <summary>The response headers that say what the cache did.</summary>
    public static RouteHandlerBuilder WithCacheHeaders(this RouteHandlerBuilder endpoint) =>
        WithParameters(endpoint, ParameterLocation.Header, ["Cache-Control"]).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.Responses?["200"] is OpenApiResponse ok)
            {
                ok.Headers ??= new Dictionary<string, IOpenApiHeader>();
                ok.Headers[CacheHeaders.StatusHeader] = new OpenApiHeader
                {
                    Description = "What the cache did (RFC 9211). Of a stream: as far as it is known when the stream begins.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["agentplatform; hit; ttl=3412"] },
                };
                ok.Headers["Age"] = new OpenApiHeader
                {
                    Description = "Seconds since an answer out of the cache was written; absent for any other.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
                };
            }

            return Task.CompletedTask;
        });

    /// <summary>Two requests with the same key are one.</summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder endpoint) =>
        WithParameters(endpoint, ParameterLocation.Header, [IdempotencyKey.Header]);

    /// <summary>What may be made to go wrong, in Development.</summary>
    public static RouteHandlerBuilder WithFaults(this RouteHandlerBuilder endpoint) =>
        WithParameters(endpoint, ParameterLocation.Header, [FaultHeader.Name]);

    private static RouteHandlerBuilder WithParameters(RouteHandlerBuilder endpoint, ParameterLocation location, string[] names) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var name in names)
            {
                var parameter = new OpenApiParameter { Name = name, In = location };
                ParameterFacts.Describe(parameter);
                operation.Parameters.Add(parameter);
            }

            return Task.CompletedTask;
        });
}
