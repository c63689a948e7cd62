using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Api.Faults;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Input;
using AgentPlatform.Core.Wire;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.OpenApi;

/// <summary>Every parameter of a path, a query or a header: a name means the same wherever it stands.</summary>
internal static class ParameterFacts
{
    public static void Describe(OpenApiParameter parameter)
    {
        (parameter.Description, parameter.Schema) = parameter.Name switch
        {
            "run_id" => ("Id of the run, as an answer gave it.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }),
            "key_id" => ("Id of the key, as `GET /keys` shows it.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }),
            "call_id" => ("Id of the call, as `approvals` or the run's steps give it.", Text(1, Checks.MaxCallId)),
            "session_id" => ("Id of the conversation.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Checks.SessionIdPattern }),
            "tool" => ("Name of the tool, as `GET /tools` shows it.", Text(1, 64)),
            "name" => ("Name of the agent.", Text(1, 64)),
            "response_id" => ("Id of the response.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^resp_[0-9a-f]{32}$" }),
            "stream" => ("True: server-sent events.", new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false }),
            "starting_after" => ("Number of the last event that was seen: only those after it are sent.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" }),
            "order" => ("In which order.", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["asc", "desc"], Default = "desc" }),
            "status" => ("Only runs that stand so.", Statuses()),
            "agent" => ("Only what belongs to this agent.", Text(1, 64)),
            "version" => ("Only what this version of the agent wrote, as `GET /agents` names it.", Text(1, 64)),
            "user" => ("Only those labelled with this person.", Text(1, Checks.MaxUser)),
            "metadata.KEY" => ("Only those with the label KEY of this value; KEY is any key of `metadata`.", Text(0, Checks.MaxLabelValue)),
            "after" => ("`next` of the page before.", Text(1, 512)),
            "limit" => ("Most items of a page.", Limit()),
            "Last-Event-ID" or "last_event_id" => ("`id` of the last event that was seen: the stream goes on after it. The header wins over the parameter.",
                new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d+\.\d+$", Examples = ["3.0"] }),
            IdempotencyKey.Header => (
                "Makes repetitions safe: requests with the same key and the same parsed body are one request, and all of them get the first delivered status and body, " +
                "later ones with `Idempotency-Replayed: true` (of a stream its last event alone). 409 `idempotency_conflict` for another body. Kept for a day, per route. " +
                "What is refused with 400, 404, 429 or 503 is not kept. With a key the work goes on when the caller leaves.",
                new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKey.MaxLength, Pattern = "^[!-~]+$" }),
            "Cache-Control" => (
                "`no-cache`: a new answer; `no-store`: also kept for nobody; `max-age=N`: no cached answer older than N seconds; `only-if-cached`: a cached answer or 504.",
                new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["max-age=60"] }),
            FaultHeader.Name => (
                "Development only, 400 anywhere else: faults to make on the way of this question, such as `model=500*1` or `model=stall,direct=stall`. " +
                "The answer cache is passed over, except for the stale answer of the ladder.",
                new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["model=stall"] }),
            "If-Match" => ("Store only over one of these versions, or over any (`*`).", Text(1, null)),
            "If-None-Match" => ("`*`: store only when nothing was stored before.", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["*"] }),
            _ => (parameter.Description, parameter.Schema),
        };
    }

    private static OpenApiSchema Text(int shortest, int? longest) =>
        new() { Type = JsonSchemaType.String, MinLength = shortest, MaxLength = longest };

    private static OpenApiSchema Limit() => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = "1",
        Maximum = ListQuery.MaxLimit.ToString(CultureInfo.InvariantCulture),
        Default = ListQuery.DefaultLimit,
    };

    private static OpenApiSchema Statuses() => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. Enum.GetNames<RunStatus>().Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))],
    };
}
