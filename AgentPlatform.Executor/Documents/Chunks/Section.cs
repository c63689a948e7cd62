namespace AgentPlatform.Executor.Documents.Chunks;

/// <summary>What stands under one heading, up to the next.</summary>
internal sealed record Section(string Heading, IReadOnlyList<Block> Blocks);
