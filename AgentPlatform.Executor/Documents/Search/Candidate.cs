namespace AgentPlatform.Executor.Documents.Search;

/// <summary>A passage that holds some of what is asked for, as the database gives it.</summary>
/// <param name="Coverage">0 to 1: how much of the question it holds, rare words counting more.</param>
/// <param name="Density">0 to 1: how closely and how often, headings counting more.</param>
internal sealed record Candidate(string Folder, string Path, int Line, string Heading, string Content, double Coverage, double Density);
