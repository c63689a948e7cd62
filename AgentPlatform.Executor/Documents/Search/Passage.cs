namespace AgentPlatform.Executor.Documents.Search;

/// <param name="Source">File and line: <c>docs/operations.md:120</c>.</param>
/// <param name="Folder">Name of the folder that the file is in.</param>
/// <param name="Heading">Headings above the passage, outermost first.</param>
/// <param name="Score">Only to be compared with the others of the same search.</param>
internal sealed record Passage(string Source, string Folder, string? Heading, string Text, double Score);
