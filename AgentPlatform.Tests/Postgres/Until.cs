using System.Diagnostics;
using Xunit;

namespace AgentPlatform.Tests.Postgres;

/// <summary>Waits for a condition with a deadline and a message that tells the state.</summary>
internal static class Until
{
    public static async Task TrueAsync(
        Func<Task<bool>> condition, string what, CancellationToken cancellationToken, Func<string>? state = null, double seconds = 30)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > TimeSpan.FromSeconds(seconds))
            {
                Assert.Fail($"Not within {seconds} s: {what}. {state?.Invoke()}");
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    public static Task TrueAsync(
        Func<bool> condition, string what, CancellationToken cancellationToken, Func<string>? state = null, double seconds = 30) =>
        TrueAsync(() => Task.FromResult(condition()), what, cancellationToken, state, seconds);
}
