namespace AgentPlatform.Executor.Documents.Terms;

/// <summary>One thing a text can be found by.</summary>
/// <param name="Position">Counts from 0 in the text; a name and the first of its parts share theirs.</param>
internal readonly record struct Term(string Text, int Position);
