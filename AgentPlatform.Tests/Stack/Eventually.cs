using Xunit;

namespace AgentPlatform.Tests.Stack;

/// <summary>Waits for a condition, not for time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns once the condition holds; fails after the deadline (30 s) with what <paramref name="state"/> says then.</summary>
    public static Task TrueAsync(Func<bool> condition, Func<string> state, TimeSpan? deadline = null) =>
        TrueAsync(() => Task.FromResult(condition()), state, deadline);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}, TimeSpan?)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> state, TimeSpan? deadline = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        var patience = deadline ?? TimeSpan.FromSeconds(30);
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < patience, $"Not so after {patience.TotalSeconds:0.#} s: {state()}");
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }
}
