namespace AgentPlatform.Executor.Tools;

/// <summary>A class whose kernel functions are tools.</summary>
/// <param name="Home">Where it is, for people.</param>
/// <param name="Make">Makes the one instance; the container does when left out.</param>
internal sealed record ToolPlugin(Type Type, string? Home = null, Func<object>? Make = null);
