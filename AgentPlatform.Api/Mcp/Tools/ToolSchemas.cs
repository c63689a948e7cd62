using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Input;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Mcp.Tools;

/// <summary>What an agent takes and gives as a tool.</summary>
internal static class ToolSchemas
{
    private const string Output = "output";

    private static readonly JsonObject Answer = MakeAnswer();

    /// <summary>The part of a question's body that a caller by MCP may set.</summary>
    public static BodyShape Shape { get; } = new(
        QuestionBody.Example,
        Optional: false,
        [.. QuestionBody.Fields.Where(field => field.Name is "question" or "session_id" or "timeout")]);

    public static JsonElement Input { get; } = Element(new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["question"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "What the agent shall answer.",
                ["minLength"] = 1,
                ["maxLength"] = QuestionBody.MaxQuestion,
            },
            ["session_id"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "The conversation this question belongs to; it begins with the first question. Without it the agent remembers nothing.",
                ["pattern"] = Checks.SessionIdPattern,
            },
            ["timeout"] = new JsonObject
            {
                ["type"] = "number",
                ["description"] = "Seconds the agent may take.",
                ["minimum"] = QuestionBody.MinTimeout,
                ["maximum"] = QuestionBody.MaxTimeout,
                ["default"] = QuestionBody.DefaultTimeout,
            },
        },
        ["required"] = new JsonArray("question"),
        ["additionalProperties"] = false,
    });

    /// <summary>The body of <c>POST /agent</c>; <c>output</c> is what the agent's response schema says.</summary>
    public static JsonElement OutputOf(AgentInfo agent)
    {
        var schema = (JsonObject)Answer.DeepClone();
        var properties = schema["properties"]!.AsObject();
        if (agent.ResponseSchema is { } own)
        {
            // References into a document of its own would point elsewhere in this one.
            var text = own.GetRawText();
            properties[Output] = text.Contains("\"$ref\"", StringComparison.Ordinal) ? new JsonObject { ["type"] = "object" } : JsonNode.Parse(text);
        }
        else
        {
            properties.Remove(Output);
        }

        return Element(schema);
    }

    private static JsonObject MakeAnswer()
    {
        var schema = PublicJson.Options.GetJsonSchemaAsNode(typeof(AgentAnswer), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            // A later version may say more.
            TransformSchemaNode = static (_, node) =>
            {
                (node as JsonObject)?.Remove("additionalProperties");
                return node;
            },
        });
        return schema.AsObject();
    }

    private static JsonElement Element(JsonObject schema) => JsonElement.Parse(schema.ToJsonString(PublicJson.Options));
}
