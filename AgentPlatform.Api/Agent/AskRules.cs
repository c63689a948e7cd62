using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Agent;

/// <summary>What a well-formed body must still fulfil to become a question.</summary>
internal static class AskRules
{
    /// <summary>The first rule that is broken, as the problem to answer with; null for a good body.</summary>
    public static ProblemHttpResult? Broken(AskBody body) =>
        Question(body.Question)
        ?? Checks.SessionId(body.SessionId)
        ?? Timeout(body.Timeout)
        ?? Stream(body.Stream)
        ?? Checks.Metadata(body.Metadata)
        ?? Checks.User(body.User);

    private static ProblemHttpResult? Question(string? question)
    {
        if (question is null)
        {
            return Problem.Invalid("question", $"'question' is missing. Send a JSON object such as {AskBody.Shape.Example}.");
        }

        if (string.IsNullOrWhiteSpace(question))
        {
            return Problem.Invalid("question", "'question' is blank. Write what the agent shall answer.");
        }

        if (question.Length > AskBody.MaxQuestion && CodePoints.Count(question) > AskBody.MaxQuestion)
        {
            return Problem.Invalid("question", $"'question' has {CodePoints.Count(question)} characters. At most {AskBody.MaxQuestion} are read: shorten it.");
        }

        // Neither the journal nor the models can hold it, and no text needs it. Other control characters stay: tabs and line feeds matter in code.
        return question.Contains('\0') ? Problem.Invalid("question", "'question' holds the character U+0000. Remove it.") : null;
    }

    private static ProblemHttpResult? Timeout(double? timeout) => timeout is null or >= AskBody.MinTimeout and <= AskBody.MaxTimeout
        ? null
        : Problem.Invalid("timeout", $"'timeout' must be a number of seconds from {AskBody.MinTimeout} to {AskBody.MaxTimeout}.");

    private static ProblemHttpResult? Stream(bool? stream) => stream is true
        ? Problem.Invalid("stream", "'stream' must be false: this version answers in one piece. Leave it out.")
        : null;
}
