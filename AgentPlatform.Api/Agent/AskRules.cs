using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Agent;

/// <summary>What a well-formed body must still fulfil to become a question, of <c>POST /agent</c> and of <c>POST /runs</c>.</summary>
internal static class AskRules
{
    /// <summary>The first rule that is broken, as the problem to answer with; null for a good body.</summary>
    public static ProblemHttpResult? Broken(QuestionBody body) =>
        Question(body.Question)
        ?? Checks.SessionId(body.SessionId)
        ?? Timeout(body.Timeout)
        ?? Checks.Metadata(body.Metadata)
        ?? Checks.User(body.User);

    private static ProblemHttpResult? Question(string? question)
    {
        if (question is null)
        {
            return Problem.Invalid("question", $"'question' is missing. Send a JSON object such as {QuestionBody.Example}.");
        }

        if (string.IsNullOrWhiteSpace(question))
        {
            return Problem.Invalid("question", "'question' is blank. Write what the agent shall answer.");
        }

        if (question.Length > QuestionBody.MaxQuestion && CodePoints.Count(question) > QuestionBody.MaxQuestion)
        {
            return Problem.Invalid("question", $"'question' has {CodePoints.Count(question)} characters. At most {QuestionBody.MaxQuestion} are read: shorten it.");
        }

        return Checks.Text("question", question);
    }

    private static ProblemHttpResult? Timeout(double? timeout) => timeout is null or >= QuestionBody.MinTimeout and <= QuestionBody.MaxTimeout
        ? null
        : Problem.Invalid("timeout", $"'timeout' must be a number of seconds from {QuestionBody.MinTimeout} to {QuestionBody.MaxTimeout}.");
}
