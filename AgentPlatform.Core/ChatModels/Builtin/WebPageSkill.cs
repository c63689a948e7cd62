using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>An address in the question is fetched.</summary>
internal sealed partial class WebPageSkill : ISkill
{
    public string Tool => "http_get";

    public Dictionary<string, object?>? Arguments(Conversation conversation, OfferedTool tool, int attempt) =>
        attempt == 1 && Find(conversation.Question) is { } address ? tool.Complete(tool.Find("url", "uri", "address") ?? tool.MainText(), address) : null;

    public bool IsUsable(ToolResult result) => !result.Failed;

    public string Answer(Conversation conversation, ToolExchange exchange) =>
        Phrases.Fetched(conversation.IsChinese, exchange.Arguments.Values.OfType<string>().FirstOrDefault() ?? "", Head().Replace(exchange.Result.Text, ""));

    private static string? Find(string question)
    {
        var match = Address().Match(question);
        return match.Success ? match.Value.TrimEnd('.', ',', ';', ':', '?', '!', ')') : null;
    }

    /// <summary>The line about status and type that comes before the page.</summary>
    [GeneratedRegex(@"\AHTTP \d{3}[^\n]*\n+", RegexOptions.CultureInvariant)]
    private static partial Regex Head();

    [GeneratedRegex(@"https?://[^\s""'<>，。？！；）]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
