using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

/// <summary>Questions as people ask them, about the documentation that ships, each with the file that answers it.</summary>
public sealed class DocumentQuestionsTests(PlatformDocuments documents, ITestOutputHelper output) : IClassFixture<PlatformDocuments>
{
    /// <summary>Where several files answer a question, all of them are named.</summary>
    private static readonly (string Question, string Files)[] Questions =
    [
        ("How do I configure a fallback model?", "docs/operations.md docs/zh/configuration.md"),
        ("How can I remove cached answers of one agent?", "docs/operations.md"),
        ("My answers should not be cached for longer than 10 minutes, where do I set that?", "docs/operations.md README.md"),
        ("What happens to running questions when an executor gets killed?", "docs/architecture.md docs/operations.md"),
        ("How do I turn one of our REST endpoints into a tool without writing code?", "docs/operations.md README.md"),
        ("Can I limit how much money a tenant spends per day?", "docs/operations.md docs/decisions/0009-budgets.md"),
        ("What does degraded level stale mean?", "README.md docs/try-the-ladder.md docs/operations.md"),
        ("Why is there no library for the calculator?", "docs/decisions/0007-our-own-calculator.md"),
        ("Which metrics does Prometheus see?", "docs/operations.md"),
        ("How do I install Postgres on a Mac without Docker?", "README.md"),
        ("How can I make the model fail on purpose to try things out?", "docs/try-the-ladder.md"),
        ("Why are requests refused with 503 when there is too much load?", "docs/operations.md docs/decisions/0011-shed-at-the-door.md README.md"),
        ("Is a tool that writes ever called twice after a crash?", "docs/decisions/0002-effects-decide.md docs/architecture.md README.md"),
        ("What is in the key of a cached answer?", "docs/decisions/0003-what-may-be-cached.md docs/architecture.md README.md"),
        ("Why does cluster membership live in the database and not in Redis?", "docs/decisions/0001-orleans-with-membership-in-postgres.md"),
        ("Where can my own documents be searched by agents?", "docs/tools.md docs/decisions/0012-document-search.md"),
        ("How fast is an uncached run compared to a plain loop?", "docs/operations.md"),
        ("How do I resume an event stream after my connection broke?", "README.md docs/architecture.md docs/decisions/0005-event-ids.md"),
        ("How do I deploy this to Azure?", "README.md"),
        ("What does a session verification check and repair?", "docs/architecture.md"),
        ("如何配置备用模型？", "docs/zh/configuration.md"),
        ("怎样清除某个智能体的缓存？", "docs/zh/cache.md"),
        ("缓存的回答多久会过期？", "docs/zh/cache.md"),
        ("Redis 挂了会怎么样？", "docs/zh/operations.md docs/zh/cache.md"),
        ("POST /agent 返回的 degraded 字段是什么意思？", "docs/zh/degradation.md docs/zh/README.md"),
        ("怎么限制每个租户每天花的钱？", "docs/zh/budgets.md"),
        ("没有 Docker 能启动吗？", "docs/zh/operations.md docs/zh/README.md"),
        ("怎样让人先批准工具调用？", "docs/zh/sessions.md docs/zh/configuration.md"),
        ("重复提交同一个请求会执行两次吗？", "docs/zh/sessions.md"),
        ("怎么把公司内部的接口变成工具？", "docs/zh/tools.md"),
        ("智能体怎么记住之前的对话？", "docs/zh/sessions.md docs/zh/configuration.md"),
        ("怎么添加自己的文档让它搜索？", "docs/zh/tools.md"),
        ("升级的时候正在处理的请求会丢吗？", "docs/zh/operations.md docs/zh/README.md"),
        ("有哪些指标可以监控？", "docs/zh/operations.md"),
        ("修改智能体文件要重启吗？", "docs/zh/configuration.md"),
        ("怎么用本地的 Ollama 模型？", "docs/zh/configuration.md"),
    ];

    [Fact]
    public async Task The_right_file_is_among_the_first_three_for_nine_questions_of_ten()
    {
        var missed = new List<string>();
        foreach (var (question, files) in Questions)
        {
            var found = await documents.Bench.FindAsync(question, limit: 3);
            var sources = found.Select(passage => passage.Source.Split(':')[0]).ToList();
            var place = sources.FindIndex(source => files.Split(' ').Contains(source));
            output.WriteLine($"{place + 1} {question} → {string.Join(", ", found.Select(passage => $"{passage.Source} {passage.Score:0.00}"))}");
            if (place < 0)
            {
                missed.Add($"{question} → {string.Join(", ", sources)}");
            }
        }

        Assert.True(missed.Count * 10 <= Questions.Length, string.Join('\n', missed));
    }

    [Theory]
    [InlineData("Who painted the Mona Lisa?")]
    [InlineData("What is the capital of France?")]
    [InlineData("How tall is the Eiffel tower?")]
    [InlineData("Which team won the world cup in 1998?")]
    [InlineData("How do I bake a chocolate cake?")]
    [InlineData("谁写了《红楼梦》？")]
    [InlineData("法国的首都是哪里？")]
    [InlineData("明天北京会下雨吗？")]
    [InlineData("怎么做红烧肉？")]
    public async Task Questions_about_something_else_find_nothing(string question)
    {
        var found = await documents.Bench.FindAsync(question);

        Assert.True(found.Count == 0, string.Join(", ", found.Select(passage => $"{passage.Source} {passage.Score}")));
    }
}
