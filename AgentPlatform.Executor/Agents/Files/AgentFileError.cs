namespace AgentPlatform.Executor.Agents.Files;

/// <summary>One thing wrong in one file, at a place an editor can jump to.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Key">Dotted path of the key; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
internal sealed record AgentFileError(string File, long Line, long Column, string Key, string Message)
{
    public override string ToString() =>
        Key.Length == 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}:{Line}:{Column}: {Key}: {Message}";
}
