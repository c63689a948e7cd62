using AgentPlatform.Api.Agent;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.Api.Agent;

public sealed class CallerPreferencesTests
{
    [Theory]
    [InlineData(null, true, true, null, false)]
    [InlineData("no-cache", false, true, null, false)]
    [InlineData("no-store", false, false, null, false)]
    [InlineData("max-age=60", true, true, 60, false)]
    [InlineData("max-age=0, only-if-cached", true, true, 0, true)]
    [InlineData("max-stale=5, x=y", true, true, null, false)]
    [InlineData("max-age=soon", true, true, null, false)]
    [InlineData(";;", true, true, null, false)]
    public void The_cache_is_asked_as_the_caller_wishes(string? header, bool read, bool write, int? maxAge, bool only)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.CacheControl = header;

        var wishes = CallerPreferences.Of(context.Request);

        Assert.Equal((read, write, maxAge, only), (wishes.CacheRead, wishes.CacheWrite, (int?)wishes.CacheMaxAge?.TotalSeconds, wishes.CacheOnly));
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("zh", "zh")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", "zh")]
    [InlineData("ZH-Hant-TW", "zh")]
    [InlineData("en-GB,en;q=0.9,zh;q=0.8", "en")]
    [InlineData("fr,zh;q=0.3", "zh")]
    [InlineData("fr", "en")]
    [InlineData("zhx", "en")]
    [InlineData("zh;q=0", "en")]
    [InlineData("*", "en")]
    [InlineData(";;;q=what", "en")]
    public void The_language_is_the_one_the_caller_likes_better(string? header, string language)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = header;

        Assert.Equal(language, CallerPreferences.Of(context.Request).Language);
    }
}
