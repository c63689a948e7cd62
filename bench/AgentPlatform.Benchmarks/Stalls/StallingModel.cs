using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Benchmarks.Stalls;

/// <summary>A model server that stops answering where the question says, and a tool that never answers.</summary>
internal sealed class StallingModel : IAsyncDisposable
{
    private const string Chunk =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"stalling","choices":[{"index":0,"delta":{"role":"assistant","content":"Half of "},"finish_reason":null}]}""" + "\n\n";

    private const string Reply =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"stalling","choices":[{"index":0,"message":MESSAGE,"finish_reason":"stop"}]}""";

    private const string Answer = """{"role":"assistant","content":"An answer."}""";
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"silent","arguments":"{}"}}]}""";

    private readonly WebApplication _app;

    private StallingModel(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<StallingModel> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync(cancellationToken);
        return new StallingModel(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        if (context.Request.Path == "/v1/models")
        {
            response.ContentType = "application/json";
            await response.WriteAsync("""{"object":"list","data":[{"id":"stalling","object":"model"}]}""");
            return;
        }

        var asked = context.Request.Path == "/silent" ? "" : await ReadAsync(context);
        var offersTools = asked.Contains("\"tools\":", StringComparison.Ordinal);
        switch (asked)
        {
            case var _ when asked.Contains($"\"{StallPoint.FirstToken} ", StringComparison.Ordinal):
                await response.StartAsync();
                break;
            case var _ when asked.Contains($"\"{StallPoint.MidStream} ", StringComparison.Ordinal):
                response.ContentType = "text/event-stream";
                await response.WriteAsync(Chunk);
                break;
            case var _ when asked.Contains($"\"{StallPoint.Tool} ", StringComparison.Ordinal) && offersTools:
                await response.WriteAsync(Reply.Replace("MESSAGE", Call, StringComparison.Ordinal));
                return;
            case var _ when asked.Contains($"\"{StallPoint.Database.Name} ", StringComparison.Ordinal):
                await response.WriteAsync(Reply.Replace("MESSAGE", Answer, StringComparison.Ordinal));
                return;
        }

        await response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        return await reader.ReadToEndAsync(context.RequestAborted);
    }
}
