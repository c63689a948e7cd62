using AgentPlatform.Executor.Tools.HttpGet;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<p>one</p><p>two</p>", "one\n\ntwo")]
    [InlineData("a <b>bold</b> and <a href='x>y'>link</a>", "a bold and link")]
    [InlineData("<script>if (a<b) {}</script>seen", "seen")]
    [InlineData("<style>p{}</style><SCRIPT src=x>x</ScRiPt >seen<script>unclosed", "seen")]
    [InlineData("before<!-- <p>hidden</p> -->after", "beforeafter")]
    [InlineData("2 < 3 &amp;&amp; 4 &gt; 3 &#8364;", "2 < 3 && 4 > 3 €")]
    [InlineData("<ul><li>a</li><li>b</li></ul>", "a\n\nb")]
    [InlineData("<tr><td>a</td><td>b</td></tr>", "a b")]
    [InlineData("<!DOCTYPE html><?xml?><html>x</html>", "x")]
    [InlineData("text <p", "text")]
    [InlineData("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>")]
    public void A_page_becomes_what_a_person_reads(string html, string text) => Assert.Equal(text, HtmlText.Reduce(html));

    [Theory]
    [InlineData("<")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("</")]
    [InlineData("<a '")]
    public void Broken_markup_costs_no_more_than_its_length(string part)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        HtmlText.Reduce(string.Concat(Enumerable.Repeat(part, 100_000)));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }
}
