using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

/// <summary>The real connector against a real HTTP server, plain and streaming.</summary>
public sealed class ModelRoundTripTests : IAsyncLifetime
{
    private static readonly List<ChatMessage> Question = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "What is 6 times 7?")];
    private static readonly ChatOptions WithTools = new() { Tools = [TestTools.Calculator, TestTools.Clock] };

    private FakeModelServer _server = null!;
    private ModelHost _models = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeModelServer.StartAsync(Cancellation);
        _models = await ModelHost.StartAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _models.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_text_answer_comes_back_with_usage(bool streaming)
    {
        _server.Next(FakeReply.Answer("Forty two, of course."));
        var deltas = new List<string>();

        var reply = await CallAsync(streaming, new ChatOptions(), deltas);

        Assert.Equal("Forty two, of course.", reply.Text);
        Assert.Equal(("stop", "fake-model", 1), (reply.FinishReason, reply.ModelId, reply.Attempts));
        Assert.Equal((20, 5, false), (reply.Usage.InputTokens, reply.Usage.OutputTokens, reply.Usage.Estimated));
        Assert.Equal(streaming ? ["Forty", " two,", " of", " course."] : [], deltas);
        Assert.Equal("Forty two, of course.", reply.Message.Text);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(streaming, request.Stream);
        Assert.Equal("Bearer none", request.Headers["Authorization"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Parallel_tool_calls_come_back_and_their_results_go_out(bool streaming)
    {
        _server.Next(FakeReply.Calls(new("calculator", """{"expression":"6 * 7"}"""), new("clock", "{}")), FakeReply.Answer("42 at noon."));

        var reply = await CallAsync(streaming, WithTools);
        var history = new List<ChatMessage>(Question) { reply.Message };
        history.AddRange(reply.ToolCalls.Select(call => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, $"{call.Name} done")])));
        var answer = await _models.Caller.CallAsync(_models.Default, history, WithTools, null, Cancellation);

        Assert.Equal("tool_calls", reply.FinishReason);
        Assert.Equal([("call_1_0", "calculator", """{"expression":"6 * 7"}"""), ("call_1_1", "clock", "{}")], reply.ToolCalls.Select(call => (call.CallId, call.Name, call.ArgumentsJson)));
        Assert.Equal("42 at noon.", answer.Text);
        var second = _server.Requests[1];
        Assert.Equal(["system", "user", "assistant", "tool", "tool"], second.Messages.EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("call_1_1", second.Messages[4].GetProperty("tool_call_id").GetString());
        Assert.Equal("""{"expression":"6 * 7"}""", JsonSerializer.Serialize(JsonDocument.Parse(second.Messages[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()!).RootElement));
        Assert.Equal(1, second.RoundsSinceQuestion);
    }

    [Theory]
    [InlineData(false, """{"expression": "6 *""")]
    [InlineData(true, """{"expression": "6 *""")]
    [InlineData(false, "[1, 2]")]
    [InlineData(true, "six times seven")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    public async Task Malformed_arguments_survive_as_the_model_wrote_them(bool streaming, string arguments)
    {
        _server.Next(FakeReply.Call("calculator", arguments), FakeReply.Answer("Sorry."));

        var reply = await CallAsync(streaming, WithTools);
        List<ChatMessage> history = [.. Question, reply.Message, new(ChatRole.Tool, [new FunctionResultContent(reply.ToolCalls[0].CallId, "Error: not JSON.")])];
        await _models.Caller.CallAsync(_models.Default, history, WithTools, null, Cancellation);

        Assert.Equal(arguments, Assert.Single(reply.ToolCalls).ArgumentsJson);
        Assert.Equal("{}", _server.Requests[1].Messages[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, "same")]
    public async Task Missing_and_repeated_call_ids_become_unique(bool streaming, string? id)
    {
        _server.Next(FakeReply.Calls(new("calculator", """{"expression":"1"}""", id), new("calculator", """{"expression":"2"}""", id)));

        var reply = await CallAsync(streaming, WithTools);

        Assert.Equal(["""{"expression":"1"}""", """{"expression":"2"}"""], reply.ToolCalls.Select(call => call.ArgumentsJson));
        Assert.Equal(2, reply.ToolCalls.Select(call => call.CallId).Where(callId => callId.Length > 0).Distinct().Count());
        Assert.Equal(reply.ToolCalls.Select(call => call.CallId), reply.Message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Missing_usage_is_estimated_and_says_so(bool streaming)
    {
        _server.Next(FakeReply.Answer("四二 abcdefgh").WithoutUsage());

        var reply = await CallAsync(streaming, new ChatOptions());

        Assert.True(reply.Usage.Estimated);
        Assert.Equal(5, reply.Usage.OutputTokens);
        Assert.Equal(8, reply.Usage.InputTokens);
    }

    [Theory]
    [InlineData("""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":null}]}""", "fine")]
    [InlineData("""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"eos"}]}""", "fine")]
    [InlineData("""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I will not."},"finish_reason":"stop"}]}""", "I will not.")]
    public async Task Replies_of_not_quite_compatible_servers_are_read(string body, string text)
    {
        _server.Next(FakeReply.Raw(body));

        Assert.Equal(text, (await CallAsync(streaming: false, new ChatOptions())).Text);
    }

    [Fact]
    public async Task Arguments_sent_as_an_object_are_read()
    {
        _server.Next(FakeReply.Raw("""{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"calculator","arguments":{"expression":"1+1"}}}]},"finish_reason":"stop"}]}"""));

        var call = Assert.Single((await CallAsync(streaming: false, WithTools)).ToolCalls);
        Assert.Equal("""{"expression":"1+1"}""", call.ArgumentsJson);
    }

    [Fact]
    public async Task A_response_schema_and_sampling_go_out()
    {
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"answer":{"type":"number"}},"required":["answer"]}""");
        var options = new ChatOptions { Temperature = 0.5f, MaxOutputTokens = 100, ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone(), "result") };
        _server.Next(FakeReply.Answer("""{"answer":42}"""));

        await CallAsync(streaming: false, options);

        var request = Assert.Single(_server.Requests);
        Assert.True(request.WantsSchema);
        Assert.Equal(0.5, request.Body.GetProperty("temperature").GetDouble());
        Assert.Equal(100, request.Body.GetProperty("max_completion_tokens").GetInt32());
    }

    [Fact]
    public async Task The_fake_server_calls_the_calculator_and_answers_with_its_result()
    {
        var reply = await CallAsync(streaming: false, WithTools);
        List<ChatMessage> history = [.. Question, reply.Message, new(ChatRole.Tool, [new FunctionResultContent(reply.ToolCalls[0].CallId, "42")])];
        var answer = await _models.Caller.CallAsync(_models.Default, history, WithTools, null, Cancellation);

        Assert.Equal("""{"expression":"6 * 7"}""", Assert.Single(reply.ToolCalls).ArgumentsJson);
        Assert.Equal("The answer is 42.", answer.Text);
    }

    [Fact]
    public async Task The_fake_server_asks_for_as_many_rounds_as_scripted()
    {
        _server.Always(FakeReply.Rounds(3, "calculator", """{"expression":"1"}""", "Enough."));
        var history = new List<ChatMessage>(Question);
        var rounds = 0;
        for (var reply = await CallAsync(streaming: false, WithTools); reply.ToolCalls.Count > 0; rounds++)
        {
            history.AddRange([reply.Message, new(ChatRole.Tool, [new FunctionResultContent(reply.ToolCalls[0].CallId, "1")])]);
            reply = await _models.Caller.CallAsync(_models.Default, history, WithTools, null, Cancellation);
        }

        Assert.Equal(3, rounds);
    }

    private Task<AgentPlatform.Core.ChatModels.ModelReply> CallAsync(bool streaming, ChatOptions options, List<string>? deltas = null) =>
        _models.Caller.CallAsync(_models.Default, Question, options, streaming ? Collect(deltas ?? []) : null, Cancellation);

    private static Func<string, ValueTask> Collect(List<string> deltas) => delta =>
    {
        deltas.Add(delta);
        return ValueTask.CompletedTask;
    };
}
