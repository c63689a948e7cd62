using AgentPlatform.Api.Agent;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.Api.Agent;

public sealed class CallerPreferencesTests
{
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
