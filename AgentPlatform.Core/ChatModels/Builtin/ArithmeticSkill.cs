using System.Text.RegularExpressions;
using AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Sums go to the calculator, spelled a second way when the first was refused.</summary>
internal sealed partial class ArithmeticSkill : ISkill
{
    public string Tool => "calculator";

    public Dictionary<string, object?>? Arguments(Conversation conversation, OfferedTool tool, int attempt)
    {
        var usual = ArithmeticQuestion.Read(conversation.Question, PowerSpelling.Caret);
        if (usual is null || attempt == 1)
        {
            return usual is null ? null : tool.Complete(tool.MainText(), usual);
        }

        var other = ArithmeticQuestion.Read(conversation.Question, PowerSpelling.Product);
        return other == usual ? null : tool.Complete(tool.MainText(), other);
    }

    public bool IsUsable(ToolResult result) => !result.Failed && Number().IsMatch(result.Text);

    public string Answer(Conversation conversation, ToolExchange exchange) =>
        Phrases.Calculated(conversation.IsChinese, exchange.Result.Text, Expression(exchange));

    /// <summary>The text that was calculated.</summary>
    public static string Expression(ToolExchange exchange) => exchange.Arguments.Values.OfType<string>().FirstOrDefault() ?? "";

    [GeneratedRegex(@"^[≈~]?\s*[-−]?[\d.∞]", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
