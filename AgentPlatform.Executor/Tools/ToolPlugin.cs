namespace AgentPlatform.Executor.Tools;

/// <summary>A class whose kernel functions are tools.</summary>
internal sealed record ToolPlugin(Type Type);
