namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Everything the built-in model says, in the language of the question.</summary>
internal static class Phrases
{
    public static string Calculated(bool chinese, string result, string expression) =>
        chinese ? $"答案是 {result}（{expression}）。" : $"The answer is {result} ({expression}).";

    public static string Time(bool chinese, string result) => chinese ? $"现在是 {result}。" : $"It is {result}.";

    public static string Fetched(bool chinese, string address, string text) =>
        chinese ? $"{address} 返回的内容：{text}" : $"{address} says: {text}";

    public static string Found(bool chinese, string? source, string text) => (chinese, source) switch
    {
        (true, null) => $"文档中写道：{text}",
        (true, _) => $"根据《{source}》：{text}",
        (false, null) => $"The documents say: {text}",
        (false, _) => $"According to {source}: {text}",
    };

    public static string NothingFound(bool chinese) =>
        (chinese ? "文档中没有找到相关内容。" : "I found nothing about that in the documents. ") + About(chinese, []);

    public static string ToolFailed(bool chinese, string tool, string error) =>
        chinese ? $"工具 {tool} 没有成功：{error}" : $"The tool {tool} did not succeed: {error}";

    public static string NoCalculator(bool chinese) =>
        chinese ? "这需要计算，但没有提供计算器工具，我不会猜测结果。" : "That needs a calculation, but I was not offered a calculator, and I will not guess.";

    public static string Remembered(bool chinese, string key, string value) => (chinese, key) switch
    {
        (true, "name" or "名字") => $"你叫{value}。",
        (true, _) => $"你的{key}是{value}。",
        _ => $"Your {key} is {value}.",
    };

    public static string NotTold(bool chinese, string key) =>
        chinese ? $"你还没有告诉我你的{(key == "name" ? "名字" : key)}。" : $"You have not told me your {key} yet.";

    public static string WillRemember(bool chinese, IReadOnlyList<(string Key, string Value)> facts)
    {
        if (chinese)
        {
            return $"好的，我记住了：{string.Join("；", facts.Select(fact => $"你的{fact.Key}是{fact.Value}"))}。";
        }

        var told = string.Join(", and ", facts.Select(fact => $"your {fact.Key} is {fact.Value}"));
        return $"I will remember that {told}.";
    }

    public static string About(bool chinese, IReadOnlyList<string> tools)
    {
        if (chinese)
        {
            var can = tools.Count == 0 ? "" : $"我可以使用这些工具：{string.Join("、", tools)}。";
            return $"我是内置的演示模型，不具备一般知识，无法回答这个问题。{can}要使用真正的模型，请设置 OPENAI_API_KEY，或配置 Models:Default:Provider、Endpoint 和 Model。";
        }

        var offered = tools.Count == 0 ? "" : $" I can use these tools: {string.Join(", ", tools)}.";
        return $"I am the built-in demonstration model and have no general knowledge to answer that.{offered} For a real model set OPENAI_API_KEY, or Models:Default:Provider, Endpoint and Model.";
    }
}
