using AgentPlatform.Api.Input;
using Xunit;

namespace AgentPlatform.Tests.Api.Input;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("quesiton", "question")]
    [InlineData("sessionId", "session_id")]
    [InlineData("SESSION-ID", "session_id")]
    [InlineData("usr", "user")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void A_slip_is_recognised_and_a_stranger_is_not(string name, string? meant) =>
        Assert.Equal(meant, NearestName.To(name, ["question", "session_id", "user"]));

    [Fact]
    public void An_endless_name_costs_nothing() => Assert.Null(NearestName.To(new string('q', 1_000_000), ["question"]));
}
