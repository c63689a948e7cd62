using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Other questions go to the document search, a second time with its key words only; the answer names its source.</summary>
internal sealed partial class SearchSkill : ISkill
{
    public string Tool => "search_documents";

    public Dictionary<string, object?>? Arguments(Conversation conversation, OfferedTool tool, int attempt)
    {
        var question = conversation.Question.Trim();
        if (!Question().IsMatch(question) || Facts.Asked(question) is not null || Facts.Stated(question).Any())
        {
            return null;
        }

        var query = attempt == 1 ? question.TrimEnd('?', '？') : Filler().Replace(question, " ").Trim(' ', '?', '？');
        return query.Length == 0 || (attempt > 1 && query == question.TrimEnd('?', '？')) ? null : tool.Complete(tool.Find("query", "question", "text") ?? tool.MainText(), query);
    }

    public bool IsUsable(ToolResult result) => !result.Failed;

    public string Answer(Conversation conversation, ToolExchange exchange)
    {
        var (text, source) = FirstHit(exchange.Result);
        return text.Length == 0
            ? Phrases.NothingFound(conversation.IsChinese)
            : Phrases.Found(conversation.IsChinese, source, text);
    }

    /// <summary>The best hit of a list or of an object that holds one; plain text is a hit without source.</summary>
    private static (string Text, string? Source) FirstHit(ToolResult result)
    {
        try
        {
            using var document = JsonDocument.Parse(result.Raw);
            var hits = document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Select(property => property.Value).FirstOrDefault(value => value.ValueKind == JsonValueKind.Array)
                : document.RootElement;
            if (hits.ValueKind != JsonValueKind.Array)
            {
                return (result.Text, null);
            }

            var hit = hits.EnumerateArray().FirstOrDefault();
            return (Member(hit, "text", "content", "snippet", "passage") ?? "", Member(hit, "source", "title", "name", "document", "uri", "url"));
        }
        catch (JsonException)
        {
            return (result.Text, null);
        }
    }

    private static string? Member(JsonElement hit, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (hit.ValueKind == JsonValueKind.Object && hit.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString();
            }
        }

        return null;
    }

    [GeneratedRegex(@"(^|[.!,;]\s*)(please\s+)?(how|what|which|who|why|when|where|tell\s+me|explain|describe|find)\b|[?？]\s*$|怎么|如何|什么|为什么|哪|谁|是否|多少", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Question();

    [GeneratedRegex(@"\b(how|what|which|who|why|when|where|do|does|did|can|could|is|are|was|the|a|an|i|we|you|to|of|in|our|my)\b|怎么|如何|什么|为什么|请问|的|吗|呢", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Filler();
}
