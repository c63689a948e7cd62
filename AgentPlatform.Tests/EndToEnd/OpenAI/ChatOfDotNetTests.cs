using System.ClientModel;
using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Xunit;
using ChatFinishReason = OpenAI.Chat.ChatFinishReason;
using ChatMessage = OpenAI.Chat.ChatMessage;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The official .NET client, alone and under Microsoft.Extensions.AI.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ChatOfDotNetTests(OpenAIStack stack)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private OpenAIClientOptions Options => new() { Endpoint = stack.Endpoint };

    private ChatClient Client => new("default", new ApiKeyCredential("any"), Options);

    [Fact]
    public async Task It_lists_models_and_completes_plainly_and_as_a_stream()
    {
        var models = await new OpenAIClient(new ApiKeyCredential("any"), Options).GetOpenAIModelClient().GetModelsAsync(Cancellation);
        Assert.Contains(models.Value, model => model.Id == "default");

        var plain = (await Client.CompleteChatAsync([ChatMessage.CreateUserMessage("Hello from .NET.")], cancellationToken: Cancellation)).Value;
        Assert.Equal(("Hello from .NET.", ChatFinishReason.Stop), (plain.Content[0].Text, plain.FinishReason));
        Assert.True(plain.Usage.TotalTokenCount > 0);

        var text = "";
        await foreach (var update in Client.CompleteChatStreamingAsync([ChatMessage.CreateUserMessage("Streamed to .NET, word by word.")], cancellationToken: Cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.Equal("Streamed to .NET, word by word.", text);
    }

    [Fact]
    public async Task An_error_is_its_exception()
    {
        var unknown = await Assert.ThrowsAsync<ClientResultException>(
            () => new ChatClient("nobody", new ApiKeyCredential("any"), Options).CompleteChatAsync([ChatMessage.CreateUserMessage("Hi")], cancellationToken: Cancellation));
        Assert.Equal(404, unknown.Status);
        Assert.Contains("model_not_found", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Functions_of_the_caller_are_called_beside_the_agents_own_tools(bool streams)
    {
        var question = $"How many units of order 12 do we owe, streamed {streams}?";
        stack.When(question, request => request.RoundsSinceQuestion switch
        {
            0 => FakeReply.Calls(new FakeToolCall("calculator", """{"expression":"6*7"}"""), new FakeToolCall("units_of_order", """{"order":12}""")),
            _ => FakeReply.Answer($"The caller says {request.LastToolResult}."),
        });
        var asked = new List<int>();
        var tool = AIFunctionFactory.Create(
            (int order) =>
            {
                asked.Add(order);
                return 42;
            },
            "units_of_order", "Units of an order.");
        using var client = Client.AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions { Tools = [tool] };
        var answer = streams
            ? (await client.GetStreamingResponseAsync(question, options, Cancellation).ToChatResponseAsync(Cancellation)).Text
            : (await client.GetResponseAsync(question, options, Cancellation)).Text;

        Assert.Equal("The caller says 42.", answer);
        Assert.Equal([12], asked);
        var runs = JsonElement.Parse(await stack.Fronts[0].GetStringAsync(new Uri("/runs?limit=50", UriKind.Relative), Cancellation)).GetProperty("items").EnumerateArray()
            .Where(run => run.GetProperty("question").GetString() == question).Select(run => run.GetProperty("run_id").GetString()!).ToList();
        Assert.Equal(2, runs.Count);
        var first = JsonElement.Parse(await stack.Fronts[0].GetStringAsync(new Uri($"/runs/{runs[^1]}", UriKind.Relative), Cancellation)).GetProperty("steps").EnumerateArray().ToList();
        Assert.Single(first, step => step.GetProperty("type").ValueEquals("tool_returned") && step.GetProperty("tool").ValueEquals("calculator"));
        Assert.DoesNotContain(first, step => step.GetProperty("type").ValueEquals("tool_started") && step.GetProperty("tool").ValueEquals("units_of_order"));
    }

    [Fact]
    public async Task A_run_with_the_callers_context_goes_on_after_its_executor_was_killed()
    {
        const string question = "What did I say before you were killed?";
        var attempts = 0;
        stack.When(question, request => Interlocked.Increment(ref attempts) == 1
            ? FakeReply.Stalls(FakeStall.BeforeHeaders)
            : FakeReply.Answer(string.Join('|', request.Messages.EnumerateArray().Skip(1).Select(message => message.GetProperty("content").GetString()))));
        var asking = Client.CompleteChatAsync(
            [ChatMessage.CreateSystemMessage("Remember."), ChatMessage.CreateUserMessage("I like tea."), ChatMessage.CreateAssistantMessage("Noted."), ChatMessage.CreateUserMessage(question)],
            cancellationToken: Cancellation);
        await Eventually.TrueAsync(() => Volatile.Read(ref attempts) == 1, () => $"{attempts} attempts");
        await stack.Stack.KillAndAwaitReturnAsync("executor-1");

        Assert.Equal($"Remember.|I like tea.|Noted.|{question}", (await asking).Value.Content[0].Text);
    }
}
