using System.Text.Json;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenAI.Chat;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// Reads a request for a response. What would change the answer and cannot be had here is refused by its name; what changes nothing is taken without effect.
/// </summary>
internal static class ResponseRequestReader
{
    private const string PreviousName = "previous_response_id";

    private static readonly HashSet<string> Known =
    [
        "background", "conversation", "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "model", "parallel_tool_calls",
        PreviousName, "prompt", "prompt_cache_key", "prompt_cache_retention", "reasoning", "safety_identifier", "service_tier", "store", "stream",
        "stream_options", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    ];

    public static OrProblem<ResponseRequest> Read(JsonElement body)
    {
        var members = new RequestMembers(body);
        members.RefuseUnknown(Known);
        RefuseUnsupported(members);

        var store = members.Flag("store") ?? true;
        var background = members.Flag("background") ?? false;
        var previous = members.Text(PreviousName);
        var previousRun = default(Guid);
        if (previous is not null && !ResponseIds.TryParse(previous, out previousRun))
        {
            members.Break(ResponseConversations.NotFound(previous));
        }

        members.Break((store, background, previous) switch
        {
            (false, true, _) => Wrong("store", "A background response must be stored: it could not be read otherwise."),
            (false, _, not null) => Wrong("store", $"A response that is not stored cannot go on from another: leave out '{PreviousName}', or 'store'."),
            _ => null,
        });

        var sampling = new CallerSampling
        {
            Temperature = members.Number("temperature", 0, 2),
            TopP = members.Number("top_p", 0, 1),
            MaxOutputTokens = members.Count("max_output_tokens"),
        };
        var echo = new ResponseEcho
        {
            Instructions = members.Text("instructions"),
            PreviousResponseId = previous,
            Temperature = sampling.Temperature,
            TopP = sampling.TopP,
            MaxOutputTokens = sampling.MaxOutputTokens,
            Text = members.Of("text", JsonValueKind.Object, "an object"),
            Tools = members.Of("tools", JsonValueKind.Array, "a list"),
            ToolChoice = members.Any("tool_choice"),
            ParallelToolCalls = members.Flag("parallel_tool_calls"),
            Truncation = members.Word("truncation", "auto", "disabled"),
        };
        var request = new ResponseRequest
        {
            Model = members.Text("model") ?? "",
            Question = "",
            Echo = echo,
            Background = background,
            Store = store,
            Stream = members.Flag("stream") ?? false,
            Previous = previous is null ? null : previousRun,
            Metadata = members.Labels("metadata"),
            User = members.Text("user"),
        };
        members.Break(request.Model.Length == 0 ? Wrong("model", "'model' is missing. Name an agent: GET /v1/models lists them.") : null);
        members.Break(Checks.Metadata(request.Metadata) ?? Checks.User(request.User) ?? Checks.Storable("instructions", echo.Instructions));
        var input = ResponseInput.Read(members.Any(ResponseInput.Name));
        members.Break(input.Problem);
        var tools = ChatTools.Read(echo.Tools, static tool => tool);
        members.Break(tools.Problem);
        string? choice = null;
        members.Break(tools.IsGood ? ChatTools.Choice(echo.ToolChoice, tools.Value, static tool => tool, out choice) : null);
        members.Break(ResponseText.Schema(echo.Text, out var schema));
        return members.Problem is { } broken
            ? broken
            : request with { Question = input.Value!.Question, Context = Context(input.Value, echo, sampling, schema, tools.Value!, choice), Echo = echo with { Input = input.Value.Items } };
    }

    /// <summary>Null when a question was asked and nothing else said.</summary>
    private static CallerContext? Context(
        ResponseInput input, ResponseEcho echo, CallerSampling sampling, JsonElement? schema, List<ClientTool> tools, string? choice)
    {
        var isPlain = input.Messages is [{ Role: BroughtRole.User }];
        var isOwn = sampling == new CallerSampling();
        return isPlain && isOwn && echo.Instructions is null && schema is null && tools.Count == 0 ? null : new CallerContext
        {
            Messages = isPlain ? [] : input.Messages,
            Instructions = echo.Instructions,
            Tools = tools,
            ToolChoice = tools.Count > 0 ? choice : null,
            ParallelToolCalls = tools.Count > 0 ? echo.ParallelToolCalls : null,
            Sampling = isOwn ? null : sampling,
            ResponseSchema = schema,
        };
    }

    private static void RefuseUnsupported(RequestMembers members)
    {
        members.Refuse("conversation", $"a conversation here is what '{PreviousName}' goes on from.");
        members.Refuse("prompt", "an agent's instructions are in its file.");
        members.Refuse("max_tool_calls", "an agent's file says how many calls it may make.");
        members.Word("service_tier", "auto", "default");
        if (members.Any("top_logprobs") is { } most && !(most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out var count) && count == 0))
        {
            members.Break(Wrong("top_logprobs", "'top_logprobs' is not supported: models' probabilities are not passed on."));
        }

        // Asked for by clients as a habit; there is none of it.
        if (members.Of("include", JsonValueKind.Array, "a list")?.EnumerateArray().FirstOrDefault(item => !item.ValueEquals("reasoning.encrypted_content"))
            is { ValueKind: JsonValueKind.String } included)
        {
            members.Break(Wrong("include", $"'include' of '{Words.Short(included.GetString()!)}' is not supported."));
        }
    }

    private static ProblemHttpResult Wrong(string name, string detail) => RequestMembers.Wrong(name, detail);
}
