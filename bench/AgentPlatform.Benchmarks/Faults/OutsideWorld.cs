using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Benchmarks.Faults;

/// <summary>
/// What lies outside the platform and outlives every fault: a model that takes its time and asks for a fixed number of tool rounds, and
/// the server on which the tools have their effects, counted by <c>Idempotency-Key</c>.
/// </summary>
internal sealed class OutsideWorld : IAsyncDisposable
{
    /// <summary>Tool rounds of a run; <see cref="Counts"/> of them have an effect.</summary>
    public const int Rounds = 8;
    public const int Counts = Rounds / 2;

    private const string Answer = """{"role":"assistant","content":"Done."}""";

    private const string ToolCall =
        """{"role":"assistant","content":null,"tool_calls":[{"id":"call_ID","type":"function","function":{"name":"TOOL","arguments":"{\"n\":ROUND}"}}]}""";

    private const string Reply =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"patient","choices":[{"index":0,"message":MESSAGE,"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120}}""";

    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(700);

    private readonly ConcurrentDictionary<string, int> _effects = new();
    private readonly ConcurrentDictionary<string, int> _effectsOfRuns = new();
    private readonly WebApplication _app;
    private int _calls;

    private OutsideWorld(WebApplication app) => _app = app;

    public string ModelUrl => Url + "/v1";

    public string Url => _app.Urls.First();

    /// <summary>How often each effect was asked for, by <c>tool:run_id:call_id</c>.</summary>
    public IReadOnlyDictionary<string, int> Effects => _effects;

    public static async Task<OutsideWorld> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var world = new OutsideWorld(app);
        app.Run(world.HandleAsync);
        await app.StartAsync(cancellationToken);
        return world;
    }

    /// <summary>Different effects of one tool in one run.</summary>
    public int Count(string tool, string runId) => _effectsOfRuns.GetValueOrDefault($"{tool}:{runId}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/v1/models" => AnswerAsync(context, """{"object":"list","data":[{"id":"patient","object":"model"}]}"""),
        "/v1/chat/completions" => CompleteAsync(context),
        var tool => ActAsync(context, tool![1..]),
    };

    private async Task CompleteAsync(HttpContext context)
    {
        var (round, books) = await ReadAsync(context);
        await Task.Delay(Thinking, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var tool = round % 2 == 0 ? "look" : books ? "book" : "count";
        var message = round >= Rounds || (books && round > 1) ? Answer : Call(tool, round);
        await AnswerAsync(context, Reply.Replace("MESSAGE", message, StringComparison.Ordinal));
    }

    private string Call(string tool, int round) => ToolCall
        .Replace("ID", Interlocked.Increment(ref _calls).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("TOOL", tool, StringComparison.Ordinal)
        .Replace("ROUND", round.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task ActAsync(HttpContext context, string tool)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (_effects.AddOrUpdate($"{tool}:{key}", 1, static (_, calls) => calls + 1) == 1)
        {
            _effectsOfRuns.AddOrUpdate($"{tool}:{key.Split(':')[0]}", 1, static (_, effects) => effects + 1);
        }

        await Task.Delay(50, CancellationToken.None);
        await AnswerAsync(context, "{}");
    }

    private static Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    /// <returns>Finished rounds, and whether the agent books.</returns>
    private static async Task<(int Round, bool Books)> ReadAsync(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAtLeastAsync((int)(context.Request.ContentLength ?? int.MaxValue));
        var body = read.Buffer.ToArray();
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        return (body.AsSpan().Count("\"role\":\"tool\""u8), body.AsSpan().IndexOf("\"book\""u8) >= 0);
    }
}
