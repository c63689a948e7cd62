namespace AgentPlatform.Tools;

/// <summary>
/// Says what a plugin's function does to the world, and its bounds. A function without it counts as
/// <see cref="ToolEffect.Write"/>: nothing is cached, repeated or run in parallel that has not said it may be.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolEffectAttribute(ToolEffect effect) : Attribute
{
    public const double DefaultDeadlineSeconds = 30;

    /// <summary>Roughly five thousand tokens.</summary>
    public const int DefaultMaxResultLength = 20_000;

    public ToolEffect Effect { get; } = effect;

    /// <summary>
    /// Anybody may have written what it returns: a page, a mail, a ticket. The model is shown it as data, and what the model wants to change after it has seen
    /// it waits for a person, unless the agent's file says otherwise.
    /// </summary>
    public bool Untrusted { get; init; }

    /// <summary>Total time of one call.</summary>
    public double DeadlineSeconds { get; init; } = DefaultDeadlineSeconds;

    /// <summary>Cap of the result, UTF-16 code units.</summary>
    public int MaxResultLength { get; init; } = DefaultMaxResultLength;
}
