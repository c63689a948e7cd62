using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs;

/// <summary>What asking the model came to.</summary>
internal abstract record ModelStepResult
{
    private ModelStepResult()
    {
    }

    internal sealed record Replied(ModelReplied Reply) : ModelStepResult;

    /// <summary>Every model the agent names failed; the sentence is for people.</summary>
    internal sealed record Failed(string Message) : ModelStepResult;
}
