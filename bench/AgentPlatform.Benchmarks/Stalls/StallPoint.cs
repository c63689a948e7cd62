namespace AgentPlatform.Benchmarks.Stalls;

/// <summary>Where something does not answer any more.</summary>
/// <param name="Name">The question begins with it, so that the model knows what to do.</param>
/// <param name="Stream">The client reads along, so that the model streams.</param>
internal sealed record StallPoint(string Name, string Agent, bool Stream)
{
    public const string Headers = "headers";
    public const string FirstToken = "first token";
    public const string MidStream = "mid-stream";
    public const string Tool = "tool";

    /// <summary>With the model and the tools; the database comes after them, because all would notice it.</summary>
    public static IReadOnlyList<StallPoint> OfModelAndTools { get; } =
    [
        new("connect", "deaf", Stream: false),
        new(Headers, "chat", Stream: false),
        new(FirstToken, "chat", Stream: true),
        new(MidStream, "chat", Stream: true),
        new(Tool, "caller", Stream: false),
    ];

    public static StallPoint Database { get; } = new("database", "chat", Stream: false);
}
