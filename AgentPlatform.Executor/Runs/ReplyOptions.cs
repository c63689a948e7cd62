using AgentPlatform.Core.Wire;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Runs;

/// <summary>How the model is asked for a run's next reply: as the agent says, unless the caller brought something of their own.</summary>
internal static class ReplyOptions
{
    /// <param name="limit">The limit that makes this the last call, without tools; null for an ordinary one.</param>
    public static ChatOptions For(LiveRun run, string? limit)
    {
        var agent = run.Rules.Agent;
        var context = run.State.Started?.Context;
        var sampling = context?.Sampling;
        var options = new ChatOptions
        {
            Temperature = (float?)(sampling?.Temperature ?? agent.Temperature),
            TopP = (float?)(sampling?.TopP ?? agent.TopP),
            MaxOutputTokens = sampling?.MaxOutputTokens ?? agent.MaxTokens,
            StopSequences = sampling?.Stop is { } stop ? [.. stop] : null,
            Seed = sampling?.Seed,
            ResponseFormat = (context?.ResponseSchema ?? agent.ResponseSchema) is { } schema ? ChatResponseFormat.ForJsonSchema(schema, "answer") : null,
        };
        var tools = limit is null ? ToolsOf(run.Rules, context) : [];
        if (tools.Count > 0)
        {
            options.Tools = tools;
            options.AllowMultipleToolCalls = context?.ParallelToolCalls;
            options.ToolMode = run.State.Replies.IsEmpty ? ModeOf(context?.ToolChoice) : null;
        }

        return options;
    }

    private static List<AITool> ToolsOf(RunRules rules, CallerContext? context) =>
    [
        .. rules.Declarations,
        .. (context is { ToolChoice: not CallerContext.NoTool } ? context.Tools : [])
            .Where(tool => !rules.Offers(tool.Name))
            .Select(tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Schema)),
    ];

    private static RequiredChatToolMode? ModeOf(string? choice) => choice switch
    {
        null or CallerContext.NoTool => null,
        "required" => ChatToolMode.RequireAny,
        _ when choice.StartsWith(CallerContext.NamedTool, StringComparison.Ordinal) => ChatToolMode.RequireSpecific(choice[CallerContext.NamedTool.Length..]),
        _ => null,
    };
}
