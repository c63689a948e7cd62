namespace AgentPlatform.Executor.Documents.Search;

/// <summary>What the tool returns.</summary>
/// <param name="Results">Best first.</param>
/// <param name="Note">Says so when nothing was found.</param>
internal sealed record FoundPassages(IReadOnlyList<Passage> Results, string? Note = null);
