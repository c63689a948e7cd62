using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>
/// Decides the built-in model's next message. (1) Each skill whose tool is offered says what the question wants of it. (2) What was
/// not called yet is called, a failed call once more with other arguments. (3) When nothing is left to call, the results become
/// sentences. (4) Without results it answers from what it was told, or says what it is.
/// </summary>
internal static class Planner
{
    private static readonly ISkill[] Skills = [new ArithmeticSkill(), new ClockSkill(), new WebPageSkill()];
    private static readonly SearchSkill Search = new();

    public static IList<AIContent> Next(Conversation conversation, ChatOptions? options)
    {
        var tools = options?.ToolMode is NoneChatToolMode
            ? []
            : options?.Tools?.OfType<AIFunctionDeclaration>().Select(tool => new OfferedTool(tool)).ToList() ?? [];

        var calls = Calls(conversation, tools);
        if (calls.Count > 0)
        {
            return [.. calls.Select((call, index) => new FunctionCallContent($"call_{conversation.Calls + index + 1}", call.Tool, call.Arguments))];
        }

        var text = Sentences(conversation, tools);
        return options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema }
            ? [new TextContent(SchemaAnswer.Write(schema, text, conversation))]
            : [new TextContent(text)];
    }

    private static List<(string Tool, Dictionary<string, object?> Arguments)> Calls(Conversation conversation, List<OfferedTool> tools)
    {
        var wanted = Wanted(Skills, conversation, tools).ToList();
        if (wanted.Count == 0)
        {
            wanted = [.. Wanted([Search], conversation, tools)];
        }

        var calls = new List<(string, Dictionary<string, object?>)>();
        foreach (var (skill, tool) in wanted)
        {
            var earlier = conversation.Exchanges.Where(exchange => exchange.Tool == tool.Name).ToList();
            var isDone = earlier.Count > 1 || (earlier.Count == 1 && skill.IsUsable(earlier[0].Result));
            if (!isDone && skill.Arguments(conversation, tool, earlier.Count + 1) is { } arguments)
            {
                calls.Add((tool.Name, arguments));
            }
        }

        return calls;
    }

    private static IEnumerable<(ISkill Skill, OfferedTool Tool)> Wanted(IEnumerable<ISkill> skills, Conversation conversation, List<OfferedTool> tools) =>
        from skill in skills
        let tool = tools.Find(tool => tool.Is(skill.Tool))
        where tool is not null && skill.Arguments(conversation, tool, attempt: 1) is not null
        select (skill, tool);

    private static string Sentences(Conversation conversation, List<OfferedTool> tools)
    {
        var sentences = new List<string>();
        foreach (var skill in Skills.Append(Search))
        {
            // Of a repeated call the last result counts.
            if (conversation.Exchanges.LastOrDefault(exchange => OfferedTool.Matches(exchange.Tool, skill.Tool)) is { } exchange)
            {
                sentences.Add(skill.IsUsable(exchange.Result)
                    ? skill.Answer(conversation, exchange)
                    : Phrases.ToolFailed(conversation.IsChinese, exchange.Tool, exchange.Result.Text));
            }
        }

        return sentences.Count > 0 ? string.Join(conversation.IsChinese ? "" : " ", sentences) : SmallTalk.Answer(conversation, tools);
    }
}
