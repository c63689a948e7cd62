using System.Text;
using AgentPlatform.Executor.Tools.Mcp;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

public sealed class CappedStreamTests
{
    [Theory]
    [InlineData("0123456789\n0123456789\n", 1)]
    [InlineData("data: 1\n\ndata: 2\r\n\r\ndata: 3\n\n", 2)]
    [InlineData("0123456789", null)]
    public async Task Messages_within_the_bound_pass(string text, int? ends) => Assert.Equal(text, await ReadAsync(text, ends));

    [Theory]
    [InlineData("0123456789\n0123456789ab\n", 1)]
    [InlineData("data: 1\ndata: 2\n\n", 2)]
    [InlineData("12345\n\n789ab", null)]
    public async Task A_longer_one_breaks_the_stream(string text, int? ends) =>
        Assert.Equal("The server sent a message of more than 11 bytes.", (await Assert.ThrowsAsync<IOException>(() => ReadAsync(text, ends))).Message);

    private static async Task<string> ReadAsync(string text, int? ends)
    {
        using var reader = new StreamReader(new CappedStream(new MemoryStream(Encoding.ASCII.GetBytes(text)), most: 11, ends));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
