using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Api.Streaming;
using AgentPlatform.Tests.EndToEnd.OpenAI;
using AgentPlatform.Tests.ModelServer;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>Questions to either of a stack's two APIs.</summary>
internal sealed class TwoFronts(OpenAIStack stack)
{
    public FakeModelServer Model => stack.Model;

    /// <summary>A client of each API.</summary>
    public IReadOnlyList<HttpClient> Fronts => stack.Fronts;

    /// <summary>The requests for this question so far.</summary>
    internal int ModelCalls(string question) => Model.Requests.Count(request => request.LastUserText == question);

    internal async Task<(HttpResponseMessage Response, JsonElement Body)> AskAsync(
        int front, string question, string agent = "default", string? cacheControl = null, string? session = null)
    {
        using var request = Request(new { question, agent, timeout = 60.0, session_id = session }, cacheControl);
        var response = await Fronts[front].SendAsync(request, TestContext.Current.CancellationToken);
        return (response, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    internal async Task<Sse> StreamAsync(int front, string question)
    {
        using var request = Request(new { question, stream = true, timeout = 60.0 });
        return await Sse.OpenAsync(Fronts[front], request);
    }

    /// <summary>Questions that both fronts have received.</summary>
    internal async Task<double> AskedAsync() => await AskedAsync("api-1") + await AskedAsync("api-2");

    private async Task<double> AskedAsync(string front) => (await stack.Stack.ScrapeAsync(front)).Samples.GetValueOrDefault("agent_requests_total");

    private static HttpRequestMessage Request(object body, string? cacheControl = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(body) };
        if (cacheControl is not null)
        {
            request.Headers.Add("Cache-Control", cacheControl);
        }

        return request;
    }
}
