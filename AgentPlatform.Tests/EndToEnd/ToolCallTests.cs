using System.Text.Json;
using AgentPlatform.Core.ChatModels;
using AgentPlatform.Tests.ModelServer;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The conversation between the stack and its model about tools.</summary>
[Collection(SharedModelStack.Name)]
public sealed class ToolCallTests(ModelStack shared)
{
    [Fact]
    public async Task A_question_for_a_tool_makes_two_model_calls_and_the_second_carries_the_result_right_behind_the_call()
    {
        const string question = "What is 6 * 7?";

        var reply = await shared.Stack.AskAsync(question);

        Assert.Equal(("The answer is 42.", 1, null), (reply.Answer, reply.Iterations, reply.Degraded));
        var requests = shared.RequestsFor(question);
        Assert.Equal(2, requests.Count);
        Assert.Equal("Bearer key-of-the-test", requests[0].Headers["Authorization"]);
        var tail = requests[1].Messages.EnumerateArray().TakeLast(2).ToArray();
        var call = Assert.Single(tail[0].GetProperty("tool_calls").EnumerateArray());
        Assert.Equal(("assistant", "tool", "42"), (Text(tail[0], "role"), Text(tail[1], "role"), Text(tail[1], "content")));
        Assert.Equal(Text(call, "id"), Text(tail[1], "tool_call_id"));
    }

    [Fact]
    public async Task Malformed_arguments_go_back_to_the_model_which_mends_them()
    {
        const string question = "Mend your arguments.";
        shared.When(question, request => request.RoundsSinceQuestion switch
        {
            0 => FakeReply.Call("calculator", """{"expression": 2+"""),
            1 => FakeReply.Call("calculator", """{"formula": "2+3"}"""),
            2 => FakeReply.Call("calculator", """{"expression": "2+3"}"""),
            _ => FakeReply.Answer($"It is {request.LastToolResult}."),
        });

        var reply = await shared.Stack.AskAsync(question);

        Assert.Equal(("It is 5.", 3, null), (reply.Answer, reply.Iterations, reply.Degraded));
        var told = shared.RequestsFor(question).Select(request => request.LastToolResult).ToArray();
        Assert.Equal(4, told.Length);
        Assert.Contains("JSON", told[1], StringComparison.Ordinal);
        Assert.Contains("expression", told[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_a_tool_that_is_not_there_is_answered_with_what_there_is()
    {
        const string question = "Use the teleporter.";
        shared.When(question, request => request.RoundsSinceQuestion == 0
            ? FakeReply.Call("teleporter", "{}")
            : FakeReply.Answer("I have no teleporter."));

        var reply = await shared.Stack.AskAsync(question);

        Assert.Equal("I have no teleporter.", reply.Answer);
        var told = shared.RequestsFor(question)[1].LastToolResult;
        Assert.Contains("teleporter", told, StringComparison.Ordinal);
        Assert.Contains("calculator", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_only_read_run_side_by_side()
    {
        const string question = "Read both pages.";
        shared.When(question, request => request.RoundsSinceQuestion == 0
            ? FakeReply.Calls(
                new FakeToolCall("http_get", $$"""{"url":"{{shared.MeetingUrl}}?1"}"""),
                new FakeToolCall("http_get", $$"""{"url":"{{shared.MeetingUrl}}?2"}"""))
            : FakeReply.Answer("Read."));

        var reply = await shared.Stack.AskAsync(question, agent: "reader");

        Assert.Equal(("Read.", 1), (reply.Answer, reply.Iterations));
        var results = shared.RequestsFor(question)[1].Messages.EnumerateArray().TakeLast(2).Select(message => Text(message, "content"));
        Assert.All(results, result => Assert.EndsWith("met", UntrustedText.Unwrap(result), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tool_of_an_MCP_server_is_offered_called_and_shown()
    {
        const string question = "Let the server echo.";
        shared.When(question, request => request.RoundsSinceQuestion == 0
            ? FakeReply.Call("everything__echo", """{"message":"from afar"}""")
            : FakeReply.Answer($"It says {request.LastToolResult}."));

        var reply = await shared.Stack.AskAsync(question, agent: "connected");
        var tools = await shared.Stack.GetAsync("/tools");

        Assert.Equal(("It says Echo: from afar.", 1, null), (reply.Answer, reply.Iterations, reply.Degraded));
        var echo = Assert.Single(tools["tools"].EnumerateArray(), tool => Text(tool, "name") == "everything__echo");
        Assert.Equal(("read", "available", "mcp:everything"), (Text(echo, "effect"), Text(echo, "status"), Text(echo, "source")));
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
