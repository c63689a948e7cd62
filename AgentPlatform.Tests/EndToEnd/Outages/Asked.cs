using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Outages;

/// <summary>Every way of asking, tried at the same time.</summary>
/// <param name="Known">A question whose answer lies in the cache.</param>
/// <param name="Fresh">One that nobody asked before.</param>
/// <param name="InSession">One of a conversation.</param>
/// <param name="Strict">One whose caller wants the agent's own answer or none.</param>
/// <param name="Streamed">The last word of a stream.</param>
/// <param name="Background">One that nobody waits for.</param>
/// <param name="RetryAfter">What the last one was told about coming back.</param>
internal sealed record Asked(
    StackReply Known, StackReply Fresh, StackReply InSession, StackReply Strict, StackReply Streamed, StackReply Background, TimeSpan? RetryAfter)
{
    public const string KnownQuestion = "What is known?";

    private static int s_asked;

    public IEnumerable<StackReply> Answers => [Known, Fresh, InSession, Strict, Streamed];

    public static string New(string about) => $"Question {Interlocked.Increment(ref s_asked)} {about}";

    public static async Task<Asked> InEveryWayAsync(RunningStack stack, double timeout)
    {
        var known = stack.AskAsync(KnownQuestion, timeout: timeout);
        var fresh = stack.AskAsync(New("of anybody"), timeout: timeout);
        var inSession = stack.AskAsync(New("of a conversation"), session: $"outage-{Interlocked.Increment(ref s_asked)}", timeout: timeout);
        var strict = stack.AskAsync(New("of a strict one"), timeout: timeout, strict: true);
        var streamed = StreamAsync(stack, New("of a reader"), timeout);
        var background = StartAsync(stack, New("of nobody"));
        await Task.WhenAll(known, fresh, inSession, strict, streamed, background);
        var (accepted, retryAfter) = await background;
        return new Asked(await known, await fresh, await inSession, await strict, await streamed, accepted, retryAfter);
    }

    private static async Task<StackReply> StreamAsync(RunningStack stack, string question, double timeout)
    {
        var watch = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(new { question, timeout, stream = true }) };
        using var response = await stack.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var last = "";
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            last = item.Data;
        }

        return new StackReply(response.StatusCode, JsonSerializer.Deserialize<JsonElement>(last), TimeProvider.System.GetElapsedTime(watch));
    }

    private static async Task<(StackReply Reply, TimeSpan? RetryAfter)> StartAsync(RunningStack stack, string question)
    {
        var watch = TimeProvider.System.GetTimestamp();
        using var response = await stack.Http.PostAsJsonAsync("/runs", new { question }, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return (new StackReply(response.StatusCode, body, TimeProvider.System.GetElapsedTime(watch)), response.Headers.RetryAfter?.Delta);
    }
}
