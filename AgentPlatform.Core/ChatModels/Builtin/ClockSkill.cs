using System.Text.RegularExpressions;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Questions for the time or the date go to the clock, with the place's time zone when the question names one.</summary>
internal sealed partial class ClockSkill : ISkill
{
    private static readonly (string Place, string Zone)[] Places =
    [
        ("utc", "UTC"), ("gmt", "UTC"), ("london", "Europe/London"), ("伦敦", "Europe/London"), ("paris", "Europe/Paris"), ("巴黎", "Europe/Paris"),
        ("berlin", "Europe/Berlin"), ("柏林", "Europe/Berlin"), ("madrid", "Europe/Madrid"), ("rome", "Europe/Rome"), ("moscow", "Europe/Moscow"),
        ("new york", "America/New_York"), ("纽约", "America/New_York"), ("chicago", "America/Chicago"), ("los angeles", "America/Los_Angeles"),
        ("san francisco", "America/Los_Angeles"), ("seattle", "America/Los_Angeles"), ("beijing", "Asia/Shanghai"), ("北京", "Asia/Shanghai"),
        ("shanghai", "Asia/Shanghai"), ("上海", "Asia/Shanghai"), ("hong kong", "Asia/Hong_Kong"), ("香港", "Asia/Hong_Kong"), ("tokyo", "Asia/Tokyo"),
        ("东京", "Asia/Tokyo"), ("singapore", "Asia/Singapore"), ("新加坡", "Asia/Singapore"), ("delhi", "Asia/Kolkata"), ("mumbai", "Asia/Kolkata"),
        ("sydney", "Australia/Sydney"), ("悉尼", "Australia/Sydney"),
    ];

    public string Tool => "clock";

    public Dictionary<string, object?>? Arguments(Conversation conversation, OfferedTool tool, int attempt)
    {
        var question = conversation.Question;
        if (!English().IsMatch(question) && !Chinese().IsMatch(question))
        {
            return null;
        }

        var parameter = tool.Find("timezone", "zone", "tz", "timezoneid");
        var zone = Zone(question);
        if (attempt > 1)
        {
            // The zone is the only thing that can have been wrong.
            return parameter is null || zone is null ? null : tool.Complete(parameter, "UTC");
        }

        // A zone that nobody named is left to the tool, unless the tool insists on one.
        var arguments = tool.Complete(zone is null ? null : parameter, zone);
        if (zone is null && parameter is not null && arguments.ContainsKey(parameter))
        {
            arguments[parameter] = "UTC";
        }

        return arguments;
    }

    public bool IsUsable(ToolResult result) => !result.Failed && Reading().IsMatch(result.Raw);

    public string Answer(Conversation conversation, ToolExchange exchange) =>
        Phrases.Time(conversation.IsChinese, ClockReading.TryParse(exchange.Result.Raw)?.Say(conversation.IsChinese) ?? exchange.Result.Text);

    private static string? Zone(string question)
    {
        var named = ZoneId().Match(question);
        return named.Success
            ? named.Value
            : Places.Where(place => question.Contains(place.Place, StringComparison.OrdinalIgnoreCase)).Select(place => place.Zone).FirstOrDefault();
    }

    [GeneratedRegex(@"\bwhat\s+time\b|\bcurrent\s+(date|time)\b|\btime\s+(is\s+it|now)\b|\bthe\s+time\s+in\b|\btoday'?s\s+date\b|\bdate\s+today\b|\bwhat(\s+is|'s)\s+(the\s+)?(date|time|day)\b|\b(what|which)\s+(day|date|year|month)\s+(is|of|do)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex English();

    [GeneratedRegex(@"几点|现在.{0,4}时间|当前.{0,2}(时间|日期)|什么时间|什么时候了|今天.{0,4}(日期|几号|星期|周几|礼拜|几月)|几月几[号日]|(今天|现在)是哪(天|一天|年)|今年是哪")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Reading();

    [GeneratedRegex(@"\b[A-Z][a-z]+/[A-Z][A-Za-z]+(_[A-Z][a-z]+)*\b")]
    private static partial Regex ZoneId();
}
