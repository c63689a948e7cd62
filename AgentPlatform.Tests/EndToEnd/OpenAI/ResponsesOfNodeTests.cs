using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Node;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The official Node client, from asking to removing; <c>Node/responses.mjs</c> says what it saw.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ResponsesOfNodeTests(OpenAIStack stack, NodePackages packages)
{
    [Fact]
    public async Task It_does_everything_it_has_a_method_for()
    {
        stack.When("Hang on.", _ => FakeReply.Stalls(FakeStall.BeforeHeaders));
        stack.When("Use my tool.", request => request.LastToolResult is { } weather
            ? FakeReply.Answer($"It is {weather}.")
            : FakeReply.Call("weather", """{"city":"Rome"}"""));
        var result = await packages.RunAsync(
            "responses.mjs", [], new Dictionary<string, string> { ["OPENAI_BASE_URL"] = stack.Endpoint.ToString(), ["OPENAI_API_KEY"] = "any" }, TestContext.Current.CancellationToken);

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Equal(
            JsonElement.Parse(
                """
                {
                  "plain": ["completed", "Hello from Node."],
                  "continued": true,
                  "streamed": ["completed", "Streamed to Node, word by word.", "Streamed to Node, word by word."],
                  "contiguous": true,
                  "rests": [true, true, true, true],
                  "accumulated": "Accumulated by the helper.",
                  "background": ["completed", "In the background of Node."],
                  "cancelled": ["cancelled", "cancelled"],
                  "input": ["A part. ", "user", 2, true],
                  "deleted": [true, "response", "NotFoundError"],
                  "tool": ["function_call", "weather", "{\"city\":\"Rome\"}", "It is sunny."],
                  "errors": {
                    "foreground_cancel": ["BadRequestError", 400],
                    "unknown_model": ["NotFoundError", "model"],
                    "unknown_previous": ["NotFoundError", "previous_response_id"],
                    "hosted_tool": ["BadRequestError", "tools[0].type"],
                    "conversation": ["BadRequestError", "conversation"],
                    "unknown_parameter": ["BadRequestError", "colour"]
                  }
                }
                """).GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal),
            result.Output.Trim().Replace(" ", "", StringComparison.Ordinal));
    }
}
