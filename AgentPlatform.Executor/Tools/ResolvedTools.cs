namespace AgentPlatform.Executor.Tools;

/// <summary>An agent's tools at one moment.</summary>
/// <param name="Missing">What it lists and cannot have now: tools of a server that is away, or that wait for a person's word; <c>server__*</c> for all of one.</param>
internal sealed record ResolvedTools(IReadOnlyList<AgentTool> Tools, IReadOnlyList<string> Missing);
