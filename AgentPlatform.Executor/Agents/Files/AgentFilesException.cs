namespace AgentPlatform.Executor.Agents.Files;

/// <summary>The agents' files are not valid. The message holds every error of every file, one a line.</summary>
internal sealed class AgentFilesException(IReadOnlyList<AgentFileError> errors)
    : Exception($"The agent files have {errors.Count} error(s):{Environment.NewLine}{string.Join(Environment.NewLine, errors)}")
{
    public IReadOnlyList<AgentFileError> Errors { get; } = errors;
}
