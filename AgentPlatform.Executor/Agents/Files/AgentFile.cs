namespace AgentPlatform.Executor.Agents.Files;

/// <summary>One file as it was read.</summary>
/// <param name="Name">Folder and file, as errors show it: <c>agents/default.yaml</c>.</param>
internal sealed record AgentFile(string Name, string Text);
