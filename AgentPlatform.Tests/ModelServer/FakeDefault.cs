using System.Text.Json;
using AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>
/// Without a script: a question with digits goes to the calculator first, when it is offered; then the answer holds its result.
/// Anything else is echoed, as a value of the response schema when there is one.
/// </summary>
internal static class FakeDefault
{
    private const string Calculator = "calculator";

    public static FakeReply Decide(FakeModelRequest request)
    {
        if (request.LastToolResult is { } result)
        {
            return Say(request, $"The answer is {result}.");
        }

        var question = request.LastUserText;
        return question.AsSpan().ContainsAnyInRange('0', '9') && request.Tools.FirstOrDefault(function => function.GetProperty("name").ValueEquals(Calculator)) is { ValueKind: JsonValueKind.Object } tool
            ? FakeReply.Call(Calculator, Arguments(tool, question))
            : Say(request, question);
    }

    private static FakeReply Say(FakeModelRequest request, string text) =>
        FakeReply.Answer(request.WantsSchema ? JsonSerializer.Serialize(new { answer = text }) : text);

    private static string Arguments(JsonElement tool, string question)
    {
        var parameters = tool.GetProperty("parameters");
        var name = parameters.TryGetProperty("required", out var required) && required.GetArrayLength() > 0 ? required[0].GetString()! : "expression";
        var expression = ArithmeticQuestion.Read(question, PowerSpelling.Caret) ?? string.Concat(question.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit));
        return $"{{\"{name}\":\"{expression}\"}}";
    }
}
