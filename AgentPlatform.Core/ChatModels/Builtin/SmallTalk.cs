using AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Answers without tools: remembered facts, or an honest word about what the built-in model is.</summary>
internal static class SmallTalk
{
    public static string Answer(Conversation conversation, List<OfferedTool> tools)
    {
        var chinese = conversation.IsChinese;
        if (Facts.Asked(conversation.Question) is { } key)
        {
            return Facts.Recall(conversation.UserTexts, key) is { } value ? Phrases.Remembered(chinese, key, value) : Phrases.NotTold(chinese, key);
        }

        var stated = Facts.Stated(conversation.Question).ToList();
        if (stated.Count > 0)
        {
            return Phrases.WillRemember(chinese, stated);
        }

        return ArithmeticQuestion.Read(conversation.Question, PowerSpelling.Caret) is not null && !tools.Exists(tool => tool.Is("calculator"))
            ? Phrases.NoCalculator(chinese)
            : Phrases.About(chinese, [.. tools.Select(tool => tool.Name)]);
    }
}
