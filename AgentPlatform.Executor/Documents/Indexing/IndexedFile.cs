using AgentPlatform.Executor.Documents.Chunks;

namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>A document as it goes into the index.</summary>
internal sealed record IndexedFile(string Path, byte[] Hash, IReadOnlyList<Chunk> Chunks);
