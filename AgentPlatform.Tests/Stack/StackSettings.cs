namespace AgentPlatform.Tests.Stack;

/// <summary>How a stack under test is started.</summary>
internal sealed record StackSettings
{
    public int Executors { get; init; } = 1;

    public int Apis { get; init; } = 1;

    /// <summary>Kept when the stack ends, so that a next one can go on with it; null: a fresh folder, deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>On top of the test's own environment without its model and telemetry settings, e.g. <c>OPENAI_BASE_URL</c>; null removes.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(90);
}
