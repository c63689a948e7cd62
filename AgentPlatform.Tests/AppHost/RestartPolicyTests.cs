extern alias apphost;
using apphost::AgentPlatform.AppHost.Local;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.AppHost;

public sealed class RestartPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Five_deaths_a_minute_are_mended_within_half_a_second_and_more_are_slowed_down()
    {
        var policy = new RestartPolicy(_time);

        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(policy.NextDelay() <= TimeSpan.FromSeconds(0.5)));
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => policy.NextDelay().TotalSeconds));
    }

    [Fact]
    public void A_quiet_minute_forgives()
    {
        var policy = new RestartPolicy(_time);
        for (var death = 0; death < 8; death++)
        {
            policy.NextDelay();
        }

        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.True(policy.NextDelay() <= TimeSpan.FromSeconds(0.5));
    }
}
