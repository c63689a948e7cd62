namespace AgentPlatform.Executor.Documents.Chunks;

/// <summary>A passage that is found as one.</summary>
/// <param name="Line">Of its first line, from 1.</param>
/// <param name="Heading">Headings above it, outermost first: <c>Operations &gt; The answer cache</c>. Empty when there is none.</param>
internal sealed record Chunk(int Line, string Heading, string Text);
