using System.Text.Json;
using AgentPlatform.Core.ChatModels;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

public sealed class BuiltinModelTests : IAsyncLifetime
{
    private static readonly ChatOptions WithTools = new() { Tools = [TestTools.Calculator, TestTools.Clock, TestTools.HttpGet] };
    private static readonly ChatOptions WithSearch = new() { Tools = [.. WithTools.Tools!, TestTools.Search] };

    private const string Reading = """{"date":"2026-11-22","time":"12:01:02","weekday":"Sunday","zone":"UTC","iso":"2026-11-22T12:01:02+00:00"}""";

    private ModelHost _models = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _models = await ModelHost.StartAsync();

    public ValueTask DisposeAsync() => _models.DisposeAsync();

    [Theory]
    [InlineData("What is 17% of 2340, plus 3^4?", "17 * 2340 / 100 + 3 ^ 4")]
    [InlineData("what's 2+2", "2 + 2")]
    [InlineData("2 + 2 =", "2 + 2")]
    [InlineData("(1 + 2) * (3 - 4) / 5", "(1 + 2) * (3 - 4) / 5")]
    [InlineData("Calculate 1,250.50 * 4", "1250.50 * 4")]
    [InlineData("What is seven times eight?", "7 * 8")]
    [InlineData("what is two hundred and five minus thirty-three", "205 - 33")]
    [InlineData("How much is 10 divided by 4 plus 6?", "10 / 4 + 6")]
    [InlineData("What is 12 squared?", "12 ^ 2")]
    [InlineData("What is 5² + 1?", "5 ^ 2 + 1")]
    [InlineData("What is 3 to the power of 4?", "3 ^ 4")]
    [InlineData("What is the square root of 144?", "sqrt(144)")]
    [InlineData("square root of (16 + 9) times 2", "sqrt(16 + 9) * 2")]
    [InlineData("What is the sum of 3 and 4?", "(3 + 4)")]
    [InlineData("Multiply 6 by 7", "(6 * 7)")]
    [InlineData("subtract 3 from 10", "(10 - 3)")]
    [InlineData("What is 200 plus 10%?", "200 * (100 + 10) / 100")]
    [InlineData("How much is 20% off 80?", "(100 - 20) * 80 / 100")]
    [InlineData("what is 15 percent of (20 + 60)?", "15 * (20 + 60) / 100")]
    [InlineData("How much is half of 90?", "0.5 * 90")]
    [InlineData("A ticket is $45. How much is 3 x 45?", "3 * 45")]
    [InlineData("What is -3 + 5?", "-3 + 5")]
    [InlineData("三加五等于多少？", "3 + 5")]
    [InlineData("12乘以3再算一下", "12 * 3")]
    [InlineData("一百二十除以四是多少", "120 / 4")]
    [InlineData("2340的百分之17是多少？", "17 * 2340 / 100")]
    [InlineData("2340的17%加3的4次方等于多少", "17 * 2340 / 100 + 3 ^ 4")]
    [InlineData("计算（3＋4）×2", "(3 + 4) * 2")]
    [InlineData("16的平方根是多少？", "sqrt(16)")]
    public async Task Arithmetic_goes_to_the_calculator(string question, string expression)
    {
        var call = Assert.Single((await AskAsync(WithTools, question)).ToolCalls);

        Assert.Equal(("calculator", expression), (call.Name, Argument(call, "expression")));
    }

    [Theory]
    [InlineData("What time is it?", null)]
    [InlineData("what is the date today", null)]
    [InlineData("What time is it in Tokyo?", "Asia/Tokyo")]
    [InlineData("What's the current time in Europe/Oslo?", "Europe/Oslo")]
    [InlineData("现在几点了？", null)]
    [InlineData("今天是星期几？", null)]
    [InlineData("北京现在几点？", "Asia/Shanghai")]
    public async Task Questions_for_time_go_to_the_clock(string question, string? zone)
    {
        var call = Assert.Single((await AskAsync(WithTools, question)).ToolCalls);

        Assert.Equal(("clock", zone), (call.Name, Argument(call, "time_zone")));
    }

    [Fact]
    public async Task An_address_is_fetched_and_two_wishes_are_two_calls()
    {
        var call = Assert.Single((await AskAsync(WithTools, "What does https://example.com/a?b=1, say?")).ToolCalls);
        Assert.Equal("https://example.com/a?b=1", Argument(call, "url"));

        var both = await AskAsync(WithTools, "What is 2+2 and what time is it?");
        Assert.Equal(["calculator", "clock"], both.ToolCalls.Select(each => each.Name));
        Assert.Equal(["call_1", "call_2"], both.ToolCalls.Select(each => each.CallId));
    }

    [Theory]
    [InlineData("What happened on 2024-05-01?")]
    [InlineData("Which wars were fought 1914-1918?")]
    [InlineData("Tell us about the x86 and the 68000")]
    [InlineData("We are 10-20 people")]
    [InlineData("Who wrote Hamlet?")]
    [InlineData("Hello")]
    public async Task Other_questions_get_an_honest_word(string question)
    {
        var reply = await AskAsync(WithTools, question);

        Assert.Empty(reply.ToolCalls);
        Assert.Contains("built-in demonstration model", reply.Text, StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chinese_questions_get_chinese_answers()
    {
        Assert.Contains("我是内置的演示模型", (await AskAsync(WithTools, "谁写了《红楼梦》？")).Text, StringComparison.Ordinal);
        Assert.Contains("不会猜测", (await AskAsync(new ChatOptions(), "三加五等于多少？")).Text, StringComparison.Ordinal);
        Assert.Equal("答案是 8（3 + 5）。", (await AnswerAsync(WithTools, "三加五等于多少？", "8")).Text);
    }

    [Fact]
    public async Task A_result_becomes_a_sentence()
    {
        Assert.Equal("The answer is 478.8 (17 * 2340 / 100 + 3 ^ 4).", (await AnswerAsync(WithTools, "What is 17% of 2340, plus 3^4?", "478.8")).Text);
        Assert.Equal("The answer is 4 (2 + 2).", (await AnswerAsync(WithTools, "What is 2+2?", """{"result": 4}""")).Text);
        Assert.Equal("It is 12:01:02 on Sunday, 2026-11-22 (UTC).", (await AnswerAsync(WithTools, "What is the date?", Reading)).Text);
        Assert.Equal("现在是 2026-11-22 星期日 12:01:02（UTC）。", (await AnswerAsync(WithTools, "今天星期几", Reading)).Text);
        Assert.Equal("It is 12:00.", (await AnswerAsync(WithTools, "What time is it?", "12:00")).Text);
        Assert.StartsWith("https://example.com says: Hi", (await AnswerAsync(WithTools, "Read https://example.com", "HTTP 200, text/plain\n\nHi")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_call_is_corrected_once_and_then_admitted()
    {
        var second = await AnswerAsync(WithTools, "What is 3^4?", "The sign ^ is unknown.");
        Assert.Equal("3 * 3 * 3 * 3", Argument(Assert.Single(second.ToolCalls), "expression"));

        var third = await AnswerAsync(WithTools, "What is 3^4?", "Error: unknown sign ^", """{"error":"out of order"}""");
        Assert.Equal("The tool calculator did not succeed: out of order", third.Text);

        var clock = await AnswerAsync(WithTools, "What time is it in Tokyo?", "There is no time zone 'Asia/Tokyo'.");
        Assert.Equal("UTC", Argument(Assert.Single(clock.ToolCalls), "time_zone"));
        Assert.Contains("did not succeed", (await AnswerAsync(WithTools, "What is 1/0?", "Error: division by zero")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("My name is Ada", "what is my name?", "Your name is Ada.")]
    [InlineData("Hi, call me Grace.", "Who am I?", "Your name is Grace.")]
    [InlineData("my favourite colour is teal and my dog is Rex", "What's my favorite color?", "Your favourite colour is teal.")]
    [InlineData("my favourite colour is teal and my dog is Rex", "do you remember my dog?", "Your dog is Rex.")]
    [InlineData("我叫小明，你好", "我叫什么名字？", "你叫小明。")]
    [InlineData("My name is Ada", "我叫什么名字", "你叫Ada。")]
    [InlineData("我的生日是五月一号", "我的生日是什么时候？", "你的生日是五月一号。")]
    [InlineData("Nice weather", "What is my name?", "You have not told me your name yet.")]
    public async Task Facts_of_the_conversation_are_remembered(string told, string asked, string answer)
    {
        List<ChatMessage> history = [new(ChatRole.User, told), new(ChatRole.Assistant, "Noted."), new(ChatRole.User, asked)];

        Assert.Equal(answer, (await _models.Caller.CallAsync(_models.Default, history, WithSearch, null, Cancellation)).Text);
    }

    [Fact]
    public async Task A_stated_fact_is_acknowledged_and_the_newest_counts()
    {
        Assert.Equal("I will remember that your name is Ada, and your cat is Tom.", (await AskAsync(WithSearch, "My name is Ada and my cat is Tom.")).Text);

        List<ChatMessage> history = [new(ChatRole.User, "my name is Ada"), new(ChatRole.User, "my name is Grace"), new(ChatRole.User, "what is my name")];
        Assert.Equal("Your name is Grace.", (await _models.Caller.CallAsync(_models.Default, history, WithTools, null, Cancellation)).Text);
    }

    [Fact]
    public async Task Questions_go_to_the_document_search_and_the_source_is_named()
    {
        var call = Assert.Single((await AskAsync(WithSearch, "How do I reset the pump?")).ToolCalls);
        Assert.Equal(("search_documents", "How do I reset the pump"), (call.Name, Argument(call, "query")));
        Assert.Contains("\"top\":3", call.ArgumentsJson, StringComparison.Ordinal);

        var found = await AnswerAsync(WithSearch, "How do I reset the pump?", """[{"source":"pump.md","text":"Hold the button."}]""");
        Assert.Equal("According to pump.md: Hold the button.", found.Text);

        var nothing = await AnswerAsync(WithSearch, "How do I reset the pump?", """{"results":[],"note":"Nothing was found."}""");
        Assert.StartsWith("I found nothing about that in the documents. I am the built-in demonstration model", nothing.Text, StringComparison.Ordinal);
        Assert.StartsWith("文档中没有找到相关内容。我是内置的演示模型", (await AnswerAsync(WithSearch, "水泵怎么重启？", "[]")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_schema_is_filled()
    {
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"answer":{"type":"number"},"expression":{"type":"string"},"exact":{"type":"boolean"}},"required":["answer","expression","exact"]}""");
        var options = new ChatOptions { Tools = [TestTools.Calculator], ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone()) };

        Assert.Single((await AskAsync(options, "What is 17% of 2340?")).ToolCalls);
        Assert.Equal("""{"answer":397.8,"expression":"17 * 2340 / 100","exact":true}""", (await AnswerAsync(options, "What is 17% of 2340?", "397.8")).Text);
    }

    [Fact]
    public async Task The_same_input_gives_the_same_output_plain_or_streamed_word_by_word()
    {
        var deltas = new List<string>();
        var plain = await AskAsync(WithTools, "Who wrote Hamlet?");
        var streamed = await _models.Caller.CallAsync(_models.Default, [new(ChatRole.User, "Who wrote Hamlet?")], WithTools, Collect(deltas), Cancellation);

        Assert.Equal(plain.Text, streamed.Text);
        Assert.Equal(plain.Text, string.Concat(deltas));
        Assert.True(deltas.Count > 10);
        Assert.Equal(plain.Usage, streamed.Usage);
        Assert.False(plain.Usage.Estimated);
        Assert.Equal(("builtin", "stop"), (plain.ModelId, plain.FinishReason));
        Assert.True(plain.Usage.InputTokens > 0 && plain.Usage.OutputTokens > 0);
    }

    [Fact]
    public async Task Without_tools_or_with_a_schema_that_names_the_parameter_differently_it_still_plans()
    {
        var odd = TestTools.Declare("math-calculator", "", """{"type":"object","properties":{"digits":{"type":"integer"},"note":{"type":"string"},"sum":{"type":"string"}},"required":["digits","sum"]}""");
        var call = Assert.Single((await AskAsync(new ChatOptions { Tools = [odd] }, "2+2")).ToolCalls);
        Assert.Equal("""{"sum":"2 + 2","digits":0}""", call.ArgumentsJson);

        var silent = await AskAsync(new ChatOptions { Tools = [TestTools.Calculator], ToolMode = ChatToolMode.None }, "2+2");
        Assert.Contains("not offered a calculator", silent.Text, StringComparison.Ordinal);
    }

    private Task<ModelReply> AskAsync(ChatOptions options, string question) =>
        _models.Caller.CallAsync(_models.Default, [new(ChatRole.User, question)], options, null, Cancellation);

    /// <summary>The reply after each wanted call got these results, one round each.</summary>
    private async Task<ModelReply> AnswerAsync(ChatOptions options, string question, params string[] results)
    {
        var history = new List<ChatMessage> { new(ChatRole.User, question) };
        foreach (var result in results)
        {
            var reply = await _models.Caller.CallAsync(_models.Default, history, options, null, Cancellation);
            history.Add(reply.Message);
            history.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(Assert.Single(reply.ToolCalls).CallId, result)]));
        }

        return await _models.Caller.CallAsync(_models.Default, history, options, null, Cancellation);
    }

    private static string? Argument(ModelToolCall call, string name)
    {
        using var arguments = JsonDocument.Parse(call.ArgumentsJson);
        return arguments.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private static Func<string, ValueTask> Collect(List<string> deltas) => delta =>
    {
        deltas.Add(delta);
        return ValueTask.CompletedTask;
    };
}
