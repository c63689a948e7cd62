using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>
/// The fastest OpenAI-compatible server there can be: it looks for a tool result in the request and sends one of two fixed replies. Both
/// sides of the comparison call it, so whatever it costs brings them closer together; it should cost next to nothing.
/// </summary>
internal sealed class CannedModel : IAsyncDisposable
{
    public const string Answer = "The answer is 478.8.";

    /// <summary>A question that begins so is answered without a tool and without delay.</summary>
    public const string NoDelay = "Right now:";

    private static readonly byte[] Models = """{"object":"list","data":[{"id":"canned","object":"model"}]}"""u8.ToArray();

    private static readonly byte[] ToolCall = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"canned","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"calculator","arguments":"{\"expression\":\"0.17*2340+81\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}
        """u8.ToArray();

    private static readonly byte[] Reply = """
        {"id":"chatcmpl-2","object":"chat.completion","created":1700000000,"model":"canned","choices":[{"index":0,"message":{"role":"assistant","content":"The answer is 478.8."},"finish_reason":"stop"}],"usage":{"prompt_tokens":130,"completion_tokens":10,"total_tokens":140}}
        """u8.ToArray();

    private readonly WebApplication _app;
    private readonly TimeSpan _delay;

    private CannedModel(WebApplication app, TimeSpan delay) => (_app, _delay) = (app, delay);

    /// <summary>For <c>OPENAI_BASE_URL</c>.</summary>
    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <param name="delay">Before each reply, half as long to half as long again: replies that all take the same time come in waves.</param>
    public static async Task<CannedModel> StartAsync(CancellationToken cancellationToken, TimeSpan delay = default)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var model = new CannedModel(app, delay);
        app.Run(model.HandleAsync);
        await app.StartAsync(cancellationToken);
        return model;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var body = Models;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            var (hasToolResult, atOnce) = await ReadAsync(context);
            body = hasToolResult || atOnce ? Reply : ToolCall;
            if (_delay > TimeSpan.Zero && !atOnce)
            {
                await Task.Delay(_delay * (0.5 + Random.Shared.NextDouble()), context.RequestAborted);
            }
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static async Task<(bool HasToolResult, bool AtOnce)> ReadAsync(HttpContext context)
    {
        var input = context.Request.BodyReader;
        var read = await input.ReadAtLeastAsync((int)(context.Request.ContentLength ?? int.MaxValue));
        var found = (Contains(read.Buffer, "\"role\":\"tool\""u8), Contains(read.Buffer, "Right now:"u8));
        input.AdvanceTo(read.Buffer.End);
        return found;
    }

    private static bool Contains(ReadOnlySequence<byte> body, ReadOnlySpan<byte> text) =>
        body.IsSingleSegment ? body.FirstSpan.IndexOf(text) >= 0 : body.ToArray().AsSpan().IndexOf(text) >= 0;
}
