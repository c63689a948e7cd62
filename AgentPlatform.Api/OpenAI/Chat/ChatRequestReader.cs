using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenAI.Responses;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>
/// Reads a request for a chat completion. What would change the answer and cannot be had here is refused by its name; what changes nothing is taken without effect.
/// </summary>
internal static class ChatRequestReader
{
    private static readonly HashSet<string> Known =
    [
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "messages", "metadata", "modalities",
        "model", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "response_format",
        "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user",
        "verbosity", "web_search_options",
    ];

    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    public static OrProblem<ChatRequest> Read(JsonElement body)
    {
        var members = new RequestMembers(body);
        members.RefuseUnknown(Known);
        RefuseUnsupported(members);

        var model = members.Text("model") ?? "";
        members.Break(model.Length == 0 ? RequestMembers.Wrong("model", "'model' is missing. Name an agent: GET /v1/models lists them.") : null);
        var messages = ChatMessages.Read(members.Any(ChatMessages.Name));
        members.Break(messages.Problem);
        var tools = ChatTools.Read(members.Any("tools"), FunctionOf);
        members.Break(tools.Problem);
        string? choice = null;
        members.Break(tools.IsGood ? ChatTools.Choice(members.Any("tool_choice"), tools.Value, FunctionOf, out choice) : null);
        members.Break(Schema(members.Of("response_format", JsonValueKind.Object, "an object"), out var schema));
        var sampling = Sampling(members);
        var stream = members.Flag("stream") ?? false;
        var parallel = members.Flag("parallel_tool_calls");
        var user = members.Text("user");
        var metadata = members.Labels("metadata");
        members.Break(Checks.Metadata(metadata) ?? Checks.User(user));
        if (members.Problem is { } broken)
        {
            return broken;
        }

        var brought = messages.Value!;
        var question = brought.Last(message => message.Role == BroughtRole.User).Text;
        if (CodePoints.Count(question) > QuestionBody.MaxQuestion)
        {
            return Problem.Invalid(ChatMessages.Name, $"The last message of the user has more than {QuestionBody.MaxQuestion} characters. Shorten it.");
        }

        var isPlain = brought.Count == 1 && tools.Value!.Count == 0 && schema is null && sampling is null;
        return new ChatRequest
        {
            Model = model,
            Question = question,
            Context = isPlain ? null : new CallerContext
            {
                Messages = brought,
                Tools = tools.Value!,
                ToolChoice = tools.Value!.Count > 0 && choice != "auto" ? choice : null,
                ParallelToolCalls = tools.Value!.Count > 0 ? parallel : null,
                Sampling = sampling,
                ResponseSchema = schema,
            },
            Stream = stream,
            IncludeUsage = members.Any("stream_options") is { ValueKind: JsonValueKind.Object } options
                && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True,
            Metadata = metadata,
            User = user,
        };
    }

    private static void RefuseUnsupported(RequestMembers members)
    {
        members.Refuse("functions", "send 'tools'.");
        members.Refuse("function_call", "send 'tool_choice'.");
        members.Refuse("audio", "agents answer in text.");
        members.Refuse("prediction", "agents' models get no prediction.");
        members.Refuse("web_search_options", "an agent searches with the tools of its file.");
        RefuseUnless(members, "n", 1, "one answer is made.");
        RefuseUnless(members, "frequency_penalty", 0, "set the agent's sampling in its file.");
        RefuseUnless(members, "presence_penalty", 0, "set the agent's sampling in its file.");
        RefuseUnless(members, "top_logprobs", 0, "models' probabilities are not passed on.");
        if (members.Flag("logprobs") is true)
        {
            members.Break(RequestMembers.Unsupported("logprobs", "'logprobs' is not supported: models' probabilities are not passed on."));
        }

        if (members.Any("logit_bias") is { } bias && !(bias.ValueKind == JsonValueKind.Object && bias.GetPropertyCount() == 0))
        {
            members.Break(RequestMembers.Unsupported("logit_bias", "'logit_bias' is not supported: set the agent's sampling in its file."));
        }

        if (members.Of("modalities", JsonValueKind.Array, "a list")?.EnumerateArray().Any(modality => !modality.ValueEquals("text")) is true)
        {
            members.Break(RequestMembers.Unsupported("modalities", "'modalities' may only be [\"text\"]: agents answer in text."));
        }
    }

    private static void RefuseUnless(RequestMembers members, string name, double only, string why)
    {
        if (members.Any(name) is { } value && !(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == only))
        {
            members.Break(RequestMembers.Unsupported(name, FormattableString.Invariant($"'{name}' other than {only} is not supported: {why}")));
        }
    }

    private static CallerSampling? Sampling(RequestMembers members)
    {
        var sampling = new CallerSampling
        {
            Temperature = members.Number("temperature", 0, 2),
            TopP = members.Number("top_p", 0, 1),
            MaxOutputTokens = members.Count("max_completion_tokens") ?? members.Count("max_tokens"),
            Stop = Stop(members),
            Seed = Seed(members),
        };
        return sampling == new CallerSampling() ? null : sampling;
    }

    private static long? Seed(RequestMembers members)
    {
        if (members.Of("seed", JsonValueKind.Number, "a whole number") is not { } value)
        {
            return null;
        }

        if (value.TryGetInt64(out var seed))
        {
            return seed;
        }

        members.Break(RequestMembers.Wrong("seed", "'seed' must be a whole number of 64 bits."));
        return null;
    }

    private static IReadOnlyList<string>? Stop(RequestMembers members)
    {
        const int Most = 4;
        if (members.Any("stop") is not { } value)
        {
            return null;
        }

        List<JsonElement> texts = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (texts.Count <= Most && texts.TrueForAll(text => text.ValueKind == JsonValueKind.String && text.GetString()!.Length > 0))
        {
            return texts.Count == 0 ? null : [.. texts.Select(text => text.GetString()!)];
        }

        members.Break(RequestMembers.Wrong("stop", $"'stop' must be a text or a list of up to {Most} texts."));
        return null;
    }

    private static ProblemHttpResult? Schema(JsonElement? format, out JsonElement? schema)
    {
        schema = null;
        if (format is not { } asked)
        {
            return null;
        }

        switch (asked.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null)
        {
            case "text":
                return null;
            case "json_object":
                schema = AnyObject;
                return null;
            case "json_schema" when asked.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object
                && named.TryGetProperty("schema", out var given) && given.ValueKind == JsonValueKind.Object:
                schema = given.Clone();
                return null;
            default:
                return Problem.Invalid("response_format", "'response_format' must be of the type text, json_object, or json_schema with a schema.");
        }
    }

    private static JsonElement? FunctionOf(JsonElement tool) => tool.TryGetProperty("function", out var function) ? function : null;
}
