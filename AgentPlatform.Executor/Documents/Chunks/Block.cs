namespace AgentPlatform.Executor.Documents.Chunks;

/// <summary>Lines that belong together: a paragraph, a list, a table, a piece of code.</summary>
/// <param name="Line">Of its first line, from 1.</param>
internal sealed record Block(int Line, IReadOnlyList<string> Lines, BlockKind Kind)
{
    public int Length { get; } = Lines.Sum(line => line.Length + 1);

    public string Text => string.Join('\n', Lines);
}

internal enum BlockKind
{
    Text,
    Table,
    Code,
}
