using System.Diagnostics;
using Xunit;

namespace AgentPlatform.Tests.Api;

/// <summary>Waits for a condition, with a deadline and a message that tells what was waited for.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, double seconds = 15)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed.TotalSeconds < seconds, $"Not within {seconds} s: {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what, double seconds = 15) =>
        UntilAsync(() => Task.FromResult(condition()), what, seconds);
}
