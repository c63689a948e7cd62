namespace AgentPlatform.Executor.Tools.Http;

/// <summary>How one request ended.</summary>
/// <param name="Text">For the model.</param>
/// <param name="Error">Null: the server has done it.</param>
/// <param name="MayPass">The same request may fare better in a moment.</param>
/// <param name="RetryAfter">What the server asked for.</param>
internal sealed record HttpAttempt(string Text, ToolErrorKind? Error = null, bool MayPass = false, TimeSpan? RetryAfter = null)
{
    /// <summary>The server's own trouble: no connection, no answer in time, 429 or 5xx. The request was not at fault.</summary>
    public bool ServerFailed { get; init; }
}
