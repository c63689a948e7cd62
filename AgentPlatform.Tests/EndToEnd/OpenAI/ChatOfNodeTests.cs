using System.Net;
using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The official Node clients; the scripts in <c>Node/</c> say what they saw.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ChatOfNodeTests(OpenAIStack stack, NodePackages packages)
{
    [Fact]
    public async Task The_client_does_everything_chat_completions_offer()
    {
        stack.When("Who am I, in Node?", request => FakeReply.Answer(string.Join('|', request.Messages.EnumerateArray().Skip(1).Select(message => message.GetProperty("content").GetString()))));
        stack.When("A town as JSON, for Node.", request => request.WantsSchema ? FakeReply.Answer("""{"town":"Hamburg"}""") : FakeReply.Answer("no schema came"));
        stack.When("Where is order 4711, Node?", FakeReply.Rounds(1, "find_order", """{"id":4711}""", "It is on its way."));
        stack.When("Fail for Node.", _ => FakeReply.ContextOverflow());

        var saw = await RunAsync("chat.mjs");

        Assert.Equal(
            Compact(
                """
                {
                  "models": true,
                  "model": "default",
                  "plain": ["Hello from the chat of Node.", "stop", true, "chat.completion"],
                  "conversation": "Be kind.|I am Ada.|Hello Ada.|Who am I, in Node?",
                  "streamed": ["Streamed to the chat of Node, word by word.", "stop", true, "assistant", 1],
                  "shaped": "Hamburg",
                  "tools": "It is on its way.",
                  "errors": {
                    "unknown_model": ["NotFoundError", "model", "model_not_found"],
                    "no_messages": ["BadRequestError", "messages", "invalid_request"],
                    "image": ["BadRequestError", "messages[0].content[0]", "invalid_request"],
                    "two_answers": ["BadRequestError", "n", "unsupported_parameter"],
                    "unknown_parameter": ["BadRequestError", "colour", "invalid_request"],
                    "strict": ["InternalServerError", 502, "model_error"]
                  },
                  "degraded": "default",
                  "once": true
                }
                """),
            Compact(saw));
        var results = stack.Model.Requests.Last(request => request.LastUserText == "Where is order 4711, Node?").LastToolResult;
        Assert.Equal("Order 4711 is on its way.", results);
    }

    [Fact]
    public async Task Two_retries_of_the_client_are_one_run()
    {
        const string question = "Asked three times by one client.";
        await using var proxy = await LyingProxy.StartAsync(stack.Fronts[0].BaseAddress!, lies: 2);
        var saw = JsonElement.Parse(await RunAsync("retries.mjs", proxy.Address, question));

        Assert.Equal(question, saw.GetProperty("answer").GetString());
        Assert.Equal(3, proxy.Asked);
        Assert.Single(stack.Model.Requests, request => request.LastUserText == question);
        using var runs = await stack.Fronts[0].GetAsync(new Uri("/runs?limit=100", UriKind.Relative), TestContext.Current.CancellationToken);
        var items = JsonElement.Parse(await runs.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("items");
        Assert.Equal(
            saw.GetProperty("run").GetString(),
            Assert.Single(items.EnumerateArray(), run => run.GetProperty("question").GetString() == question).GetProperty("run_id").GetString());
    }

    [Fact]
    public async Task The_same_question_asked_twice_on_purpose_is_two_runs()
    {
        const string question = "Asked twice on purpose.";
        var first = JsonElement.Parse(await RunAsync("retries.mjs", stack.Fronts[0].BaseAddress!, question));
        var second = JsonElement.Parse(await RunAsync("retries.mjs", stack.Fronts[0].BaseAddress!, question));

        Assert.NotEqual(first.GetProperty("run").GetString(), second.GetProperty("run").GetString());
    }

    [Theory]
    [InlineData("chat_completions")]
    public async Task The_agents_SDK_drives_an_agent_as_its_model_with_a_tool_of_its_own(string api)
    {
        var question = $"How is the weather in Hamburg, by {api}?";
        stack.When(question, request => request.RoundsSinceQuestion == 0 ? FakeReply.Call("weather_here", """{"town":"Hamburg"}""") : FakeReply.Answer($"I hear: {request.LastToolResult}"));

        var saw = JsonElement.Parse(await RunAsync("agents.mjs", stack.Fronts[0].BaseAddress!, api));

        Assert.Equal("I hear: It rains in Hamburg.", saw.GetProperty("answer").GetString());
    }

    private Task<string> RunAsync(string script, params string[] arguments) => RunAsync(script, stack.Fronts[0].BaseAddress!, arguments);

    private async Task<string> RunAsync(string script, Uri api, params string[] arguments)
    {
        var result = await packages.RunAsync(
            script, arguments, new Dictionary<string, string> { ["OPENAI_BASE_URL"] = new Uri(api, "/v1").ToString(), ["OPENAI_API_KEY"] = "any" }, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        return result.Output.Trim();
    }

    private static string Compact(string json) => JsonSerializer.Serialize(JsonElement.Parse(json));

    /// <summary>Passes requests on, and tells the first few askers that it failed after all.</summary>
    private sealed class LyingProxy : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
        private int _asked;

        private LyingProxy(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.Single());

        public int Asked => _asked;

        public static async Task<LyingProxy> StartAsync(Uri target, int lies)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
            var proxy = new LyingProxy(builder.Build());
            proxy._app.Run(context => proxy.PassOnAsync(context, target, lies));
            await proxy._app.StartAsync(TestContext.Current.CancellationToken);
            return proxy;
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _http.Dispose();
        }

        private async Task PassOnAsync(HttpContext context, Uri target, int lies)
        {
            var number = Interlocked.Increment(ref _asked);
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(target, context.Request.Path)) { Content = new StreamContent(context.Request.Body) };
            foreach (var (name, values) in context.Request.Headers.Where(header => header.Key != "Host"))
            {
                if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                {
                    request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
                }
            }

            using var response = await _http.SendAsync(request, context.RequestAborted);
            var body = await response.Content.ReadAsStringAsync(context.RequestAborted);
            Assert.Equal((HttpStatusCode.OK, "false"), (response.StatusCode, response.Headers.GetValues("x-should-retry").Single()));
            context.Response.StatusCode = number <= lies ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(number <= lies ? """{"error":{"message":"Lost.","type":"server_error"}}""" : body, context.RequestAborted);
        }
    }
}
