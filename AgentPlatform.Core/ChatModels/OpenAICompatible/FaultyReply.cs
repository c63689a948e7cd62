using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentPlatform.Core.Faults;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>What an endpoint sends that does not do its part.</summary>
internal static class FaultyReply
{
    /// <summary>Of a reply that nobody asked to be so long: 256 Ki characters.</summary>
    private const int LargeLength = 256 * 1024;
    private const int PieceLength = 4096;

    private const string EventStream = "text/event-stream";
    private const string Json = "application/json";

    private static readonly string[] Words = ["This ", "answer ", "breaks ", "off ", "in ", "the "];

    public static HttpResponseMessage Of(FaultKind kind, AskedCompletion asked) => kind switch
    {
        FaultKind.RateLimited => Error(HttpStatusCode.TooManyRequests, "rate_limit_exceeded", "Too many requests."),
        FaultKind.ServerError => Error(HttpStatusCode.InternalServerError, "internal_error", "The server had an error."),
        FaultKind.ContentFilter => Error(HttpStatusCode.BadRequest, "content_filter", "The content was refused."),
        FaultKind.ContextOverflow => Error(HttpStatusCode.BadRequest, "context_length_exceeded", "The maximum context length is exceeded."),
        FaultKind.MalformedArguments => Complete(asked, [Call(asked)], "tool_calls"),
        FaultKind.LargeOutput => Complete(
            asked, [.. Enumerable.Repeat(new string('x', PieceLength), LargeLength / PieceLength).Select(Text)], "stop"),
        FaultKind.TruncatedStream or FaultKind.StalledStream => Unfinished(asked, kind),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No endpoint sends this."),
    };

    private static HttpResponseMessage Error(HttpStatusCode status, string code, string message) => Response(
        status, Json, Utf8(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "injected_fault", ["code"] = code } }));

    private static HttpResponseMessage Complete(AskedCompletion asked, IReadOnlyList<JsonObject> pieces, string finishReason) => asked.Stream
        ? Response(
            HttpStatusCode.OK,
            EventStream,
            [.. pieces.SelectMany(piece => Event(Chunk(asked, piece, null))), .. Event(Chunk(asked, new JsonObject(), finishReason)), .. "data: [DONE]\n\n"u8])
        : Response(HttpStatusCode.OK, Json, Utf8(Whole(asked, pieces, finishReason)));

    private static HttpResponseMessage Unfinished(AskedCompletion asked, FaultKind how)
    {
        var pieces = Words.Select(Text).ToList();
        byte[] begun = asked.Stream
            ? [.. pieces.SelectMany(piece => Event(Chunk(asked, piece, null)))]
            : Utf8(Whole(asked, pieces, "stop"))[..^20];
        return Response(HttpStatusCode.OK, asked.Stream ? EventStream : Json, begun, how);
    }

    private static JsonObject Text(string text) => new() { ["content"] = text };

    private static JsonObject Call(AskedCompletion asked) => new()
    {
        ["tool_calls"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["id"] = "call_1",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = asked.Tool, ["arguments"] = """{"expression": "1 +""" },
        }),
    };

    private static JsonObject Whole(AskedCompletion asked, IReadOnlyList<JsonObject> pieces, string finishReason)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = string.Concat(pieces.Select(piece => piece["content"]?.GetValue<string>())),
        };
        if (pieces[0]["tool_calls"] is { } calls)
        {
            message["tool_calls"] = calls.DeepClone();
        }

        return Completion(asked, "chat.completion", new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finishReason });
    }

    private static JsonObject Chunk(AskedCompletion asked, JsonObject delta, string? finishReason) =>
        Completion(asked, "chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason });

    private static JsonObject Completion(AskedCompletion asked, string kind, JsonObject choice) => new()
    {
        ["id"] = "chatcmpl-fault",
        ["object"] = kind,
        ["created"] = 0,
        ["model"] = asked.Model,
        ["choices"] = new JsonArray(choice),
    };

    private static byte[] Event(JsonObject chunk) => [.. "data: "u8, .. Utf8(chunk), .. "\n\n"u8];

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static HttpResponseMessage Response(HttpStatusCode status, string contentType, byte[] body, FaultKind? unfinished = null)
    {
        var content = new StreamContent(new FaultyStream(body, unfinished));
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return new HttpResponseMessage(status) { Content = content };
    }
}
