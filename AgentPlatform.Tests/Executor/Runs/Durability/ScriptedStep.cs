namespace AgentPlatform.Tests.Executor.Runs.Durability;

internal enum StepKind
{
    Calls,

    /// <summary>A reply with nothing in it.</summary>
    Silent,

    /// <summary>The agent's model fails, its fallback makes the calls.</summary>
    FallsBack,

    /// <summary>Every model fails.</summary>
    Fails,
}

/// <summary>What the model does in one round; after the last step it answers.</summary>
internal sealed record ScriptedStep(StepKind Kind, ScriptedCall[] Calls)
{
    public override string ToString() => $"{Kind}({string.Join(", ", Calls.AsEnumerable())})";
}
