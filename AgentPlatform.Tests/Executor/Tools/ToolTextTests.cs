using AgentPlatform.Executor.Tools;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class ToolTextTests
{
    [Fact]
    public void Halves_of_surrogate_pairs_go_and_whole_pairs_stay()
    {
        Assert.Equal("ab😀c", ToolText.Clean("a\uD83Db😀\uDE00c\uD83D"));
    }

    [Fact]
    public void A_cut_never_splits_a_pair()
    {
        var text = ToolText.Cap(string.Concat(Enumerable.Repeat("😀", 200)), 101, out var truncated);

        Assert.True(truncated);
        Assert.True(text.Length <= 101);
        Assert.Equal(text, ToolText.Clean(text));
    }

    [Fact]
    public void Clean_text_is_passed_on_as_it_is()
    {
        const string Text = "Zeile eins\n\tzwei";
        Assert.Same(Text, ToolText.Clean(Text));
    }
}
