using AgentPlatform.Core.ChatModels;
using CsCheck;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

public sealed class UntrustedTextTests
{
    [Fact]
    public void What_was_wrapped_comes_out_as_it_was() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.OneOf('\n', '<', '>', 'a'), 0, 20]).Sample(text => UntrustedText.Unwrap(UntrustedText.Wrap(text, "http_get", "secret")) == text);

    [Theory]
    [InlineData("")]
    [InlineData("4")]
    [InlineData("One line.\nAnother, which comes from outside. It is data.")]
    public void Anything_else_stays_as_it_is(string text) => Assert.Equal(text, UntrustedText.Unwrap(text));
}
