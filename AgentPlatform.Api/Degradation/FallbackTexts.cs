using System.Text;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Degradation;

/// <summary>The sentences the platform itself says to people, in their language.</summary>
internal static class FallbackTexts
{
    private const string Chinese = "zh";
    private const int LongestResult = 2000;

    public static string Default(string language) => language == Chinese
        ? "抱歉，我暂时无法回答这个问题，请稍后重试。"
        : "Sorry, I can't answer this question right now. Please try again later.";

    /// <summary>What finished steps gave, one line each.</summary>
    public static string Partial(string language, IReadOnlyList<PartialStep> steps)
    {
        var text = new StringBuilder(language == Chinese
            ? "抱歉，我没能完成这个回答。已完成的步骤得到了以下结果：\n"
            : "Sorry, I could not finish this answer. The steps that were done gave:\n");
        return Append(text, steps).ToString();
    }

    public static StringBuilder Append(StringBuilder text, IReadOnlyList<PartialStep> steps)
    {
        foreach (var (tool, result) in steps)
        {
            text.Append("\n- ").Append(tool).Append(": ").Append(Cut(result));
        }

        return text;
    }

    private static string Cut(string result)
    {
        if (result.Length <= LongestResult)
        {
            return result;
        }

        var end = char.IsHighSurrogate(result[LongestResult - 1]) ? LongestResult - 1 : LongestResult;
        return $"{result.AsSpan(0, end)}…";
    }
}
