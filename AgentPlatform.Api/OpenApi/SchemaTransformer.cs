using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Api.Runs;
using AgentPlatform.Api.Sessions;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.OpenApi;

/// <summary>
/// Says of the bodies what their types cannot: problems have more members than the framework's type, every member of an
/// answer is always there, and labels have bounds.
/// </summary>
internal sealed partial class SchemaTransformer : IOpenApiSchemaTransformer
{
    /// <summary>Its bodies leave members out when they are null.</summary>
    private const string OperationsNamespace = "AgentPlatform.ServiceDefaults";

    private static readonly Type[] Requests = [typeof(AskBody), typeof(RunBody), typeof(DecisionBody), typeof(OutcomeBody), typeof(NewSession)];

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(ProblemDetails))
        {
            DescribeProblem(schema);
        }
        else if (Requests.Contains(type))
        {
            DescribeRequest(schema);
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (schema.Properties is { Count: > 0 } properties)
        {
            DescribeAnswer(schema, properties, context.JsonTypeInfo);
        }

        schema.Description = schema.Description is { } text
            ? Reference().Replace(text, match => $"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups[1].Value)}`")
            : null;
        return Task.CompletedTask;
    }

    private static void DescribeAnswer(OpenApiSchema schema, IDictionary<string, IOpenApiSchema> properties, JsonTypeInfo type)
    {
        // A later version may say more; readers skip what they do not know.
        schema.AdditionalPropertiesAllowed = true;
        if (!type.Type.Namespace!.StartsWith(OperationsNamespace, StringComparison.Ordinal))
        {
            var optional = type.Properties
                .Where(property => property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: true) is true)
                .Select(property => property.Name);
            schema.Required = properties.Keys.Except(optional).ToHashSet();
        }
    }

    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "Every error has this shape (RFC 9457).";
        schema.AdditionalPropertiesAllowed = true;
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("Names the kind of problem.", "urn:agentplatform:problem:invalid_request"),
            ["title"] = Text("The kind of problem in words.", "Invalid request"),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status.", Examples = [400] },
            ["detail"] = Text("What is wrong and what to do, for people.", "'timeout' must be a number of seconds from 0.1 to 600."),
            [Problem.Code] = Text("A stable word for programs.", "invalid_request"),
            [Problem.TraceId] = Text("Leads to this request in traces and logs.", "4bf92f3577b34da6a3ce929d0e0e4736"),
            [Problem.Field] = Text("The member, parameter or header at fault; absent when none is.", "timeout"),
            [Problem.Budget] = Budget(),
            [Problem.RunId] = Text("The run that failed; absent when there was none.", "01963c5e-8b2a-7c3d-9e4f-0123456789ab"),
        };
        schema.Required = new HashSet<string> { "type", "title", "status", "detail", Problem.Code, Problem.TraceId };
    }

    private static void DescribeRequest(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = false;
        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (schema.Properties?[name] is OpenApiSchema required)
            {
                required.Type &= ~JsonSchemaType.Null;
            }
        }

        if (schema.Properties?.TryGetValue("metadata", out var labels) is true && labels is OpenApiSchema metadata)
        {
            metadata.MaxProperties = Checks.MaxLabels;
            metadata.PropertyNames = new OpenApiSchema { Pattern = Checks.LabelKeyPattern };
            metadata.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Checks.MaxLabelValue };
        }
    }

    private static OpenApiSchema Budget() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "The budget that does not allow a run; absent in other problems.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["scope"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [BudgetWords.Tenant, BudgetWords.Session] },
            ["unit"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [BudgetWords.Runs, BudgetWords.Tokens, BudgetWords.CostUsd] },
            ["limit"] = new OpenApiSchema { Type = JsonSchemaType.Number },
            ["used"] = new OpenApiSchema { Type = JsonSchemaType.Number, Description = "By runs that have ended." },
            ["reserved"] = new OpenApiSchema { Type = JsonSchemaType.Number, Description = "Set aside for runs under way." },
            ["asked"] = new OpenApiSchema { Type = JsonSchemaType.Number, Description = "What the refused run would set aside." },
            ["resets_at"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            ["resets_in"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "Whole seconds until then." },
        },
    };

    /// <summary>How a reference to a member looks in comments once they are read: <c>FailureReason? RunDetail.Reason</c>.</summary>
    [GeneratedRegex(@"[\w?]+ [A-Z]\w+\.([A-Z]\w+)")]
    private static partial Regex Reference();

    private static OpenApiSchema Text(string description, JsonNode example) =>
        new() { Type = JsonSchemaType.String, Description = description, Examples = [example] };
}
