namespace AgentPlatform.Core.ChatModels;

/// <summary>A model call failed for good: what happened and after how many requests.</summary>
public sealed class ModelCallException(ModelFailure failure, int attempts, Exception? inner = null) : Exception(failure.Sentence, inner)
{
    public ModelFailure Failure { get; } = failure;

    public int Attempts { get; } = attempts;
}
