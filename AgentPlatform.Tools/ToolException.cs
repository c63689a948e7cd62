namespace AgentPlatform.Tools;

/// <summary>
/// The one exception whose text reaches the model. Write it for the model: what was wrong and what to do instead,
/// without secrets, addresses or paths. Every other exception becomes a neutral sentence.
/// </summary>
public sealed class ToolException(string message, ToolErrorKind kind = ToolErrorKind.Failed, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ToolErrorKind Kind { get; } = kind;
}
