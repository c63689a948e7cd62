using AgentPlatform.Tests.ModelServer;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary><see cref="ScriptedModel"/> behind HTTP.</summary>
internal static class ScriptedServer
{
    public static FakeReply Reply(Scenario scenario, FakeModelRequest request)
    {
        var round = request.RoundsSinceQuestion;
        var step = request.Tools.Any() && round < scenario.Steps.Length ? scenario.Steps[round] : null;
        return step switch
        {
            { Kind: StepKind.Fails } => Fail(),
            { Kind: StepKind.FallsBack } when request.Body.GetProperty("model").ValueEquals(ScriptedModel.First) => Fail(),
            { Kind: StepKind.Silent } => FakeReply.Answer(""),
            { Calls: var calls } => FakeReply.Calls([.. calls.Select((call, index) => new FakeToolCall(call.Tool, call.Arguments, $"c{index + 1}"))]),
            null => FakeReply.Answer($"I saw {SeenTranscript.Digest(request.Messages.GetRawText())}."),
        };
    }

    // Of the kind that is not tried again.
    private static FakeReply Fail() => FakeReply.Fail(400, "scripted");
}
