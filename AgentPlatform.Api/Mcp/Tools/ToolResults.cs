using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp.Tools;

/// <summary>
/// How a call ends. An answer, degraded or not, is a result with the body of <c>POST /agent</c> as its structured content. Without an answer it is an error whose
/// text says what is wrong and what to do; its <c>_meta</c> holds what <c>POST /agent</c> would have said, for programs.
/// </summary>
internal static class ToolResults
{
    public static CallToolResult Of(AgentResult result, HttpContext context) => result switch
    {
        AgentResult.Answered answered => OfAnswer(answered.Answer),
        AgentResult.AwaitingApproval waiting => OfWait(waiting),
        AgentResult.Refused refused => Of(refused.ToProblem(), context),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no known result of a question."),
    };

    public static CallToolResult Of(ProblemHttpResult problem, HttpContext context)
    {
        var details = JsonNode.Parse(Problem.Text(problem, context))!.AsObject();
        if (problem.ProblemDetails.Extensions.TryGetValue(Problem.RetryAfter, out var wait) && wait is long seconds)
        {
            details[Problem.RetryAfter] = seconds;
        }

        return new CallToolResult
        {
            IsError = true,
            Content = [Text(problem.ProblemDetails.Detail!)],
            Meta = new JsonObject { ["problem"] = details },
        };
    }

    private static CallToolResult OfAnswer(AgentAnswer answer)
    {
        var result = new CallToolResult
        {
            Content = [Text(answer.Answer)],
            StructuredContent = JsonSerializer.SerializeToElement(answer, PublicJson.Options),
            Meta = new JsonObject
            {
                ["run_id"] = answer.RunId?.ToString(),
                ["cached"] = answer.Cached,
                ["degraded"] = answer.Degraded?.Level.Word(),
            },
        };
        if (answer.Degraded is { Level: not DegradationLevel.Retried } degraded)
        {
            // Not every client shows the structured part to its model.
            result.Content.Add(Text($"(This is not the agent's own full answer but: {degraded.Level.Word()}. Reason: {degraded.Reason.Word()}.)"));
        }

        return result;
    }

    private static CallToolResult OfWait(AgentResult.AwaitingApproval waiting)
    {
        var calls = string.Join(" and ", waiting.Approvals.Select(approval => $"{approval.Tool} with {approval.Arguments} (call_id {approval.CallId})"));
        return new CallToolResult
        {
            IsError = true,
            Content =
            [
                Text(
                    $"There is no answer yet: run {waiting.RunId} waits for a person's decision on {calls}. " +
                    $"Decide with POST /runs/{waiting.RunId}/approvals/{{call_id}} and the body {{\"decision\":\"approve\"}} or {{\"decision\":\"deny\"}}; " +
                    $"the answer is then at GET /runs/{waiting.RunId}. Asking again would start another run."),
            ],
            Meta = new JsonObject { ["awaiting_approval"] = JsonSerializer.SerializeToNode(AwaitingApprovalBody.Of(waiting), PublicJson.Options) },
        };
    }

    private static TextContentBlock Text(string text) => new() { Text = text };
}
