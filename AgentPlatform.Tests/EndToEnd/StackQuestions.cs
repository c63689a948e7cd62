using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The requests of a caller.</summary>
internal static class StackQuestions
{
    private static readonly JsonSerializerOptions Sparse = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static Task<StackReply> AskAsync(
        this RunningStack stack, string question, string? session = null, string? agent = null, double? timeout = null, bool? strict = null,
        params (string Name, string Value)[] headers) =>
        stack.SendAsync(
            HttpMethod.Post, "/agent", JsonContent.Create(new { question, session_id = session, agent, timeout, strict }, options: Sparse), headers);

    public static Task<StackReply> GetAsync(this RunningStack stack, string path) => stack.SendAsync(HttpMethod.Get, path, null);

    public static async Task<StackReply> SendAsync(
        this RunningStack stack, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var watch = Stopwatch.StartNew();
        using var response = await stack.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        watch.Stop();
        return new StackReply(response.StatusCode, JsonSerializer.Deserialize<JsonElement>(body), watch.Elapsed);
    }
}
