using AgentPlatform.Executor.Runs;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs;

public sealed class JournalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("抱歉 😀", "抱歉 😀")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void What_the_journal_cannot_hold_is_replaced(string text, string clean) => Assert.Equal(clean, JournalText.Clean(text));

    [Fact]
    public void A_lone_surrogate_is_replaced() => Assert.Equal("a\uFFFDb", JournalText.Clean("a\uD800b"));
}
