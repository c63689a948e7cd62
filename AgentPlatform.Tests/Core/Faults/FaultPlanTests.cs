using AgentPlatform.Core.Faults;
using Xunit;

namespace AgentPlatform.Tests.Core.Faults;

public sealed class FaultPlanTests
{
    [Theory]
    [InlineData("model=stall", FaultPoint.Model, FaultKind.Stall, 0, 1, int.MaxValue)]
    [InlineData("model=500*1", FaultPoint.Model, FaultKind.ServerError, 0, 1, 1)]
    [InlineData("direct=429@2*3", FaultPoint.Direct, FaultKind.RateLimited, 0, 2, 3)]
    [InlineData("model=latency:2s", FaultPoint.Model, FaultKind.Latency, 2000, 1, int.MaxValue)]
    [InlineData("tool=latency:250ms@2", FaultPoint.Tool, FaultKind.Latency, 250, 2, int.MaxValue)]
    [InlineData("executor=away", FaultPoint.Executor, FaultKind.Away, 0, 1, int.MaxValue)]
    public void A_fault_is_a_point_a_kind_and_the_calls_it_hits(string text, FaultPoint point, FaultKind kind, int milliseconds, int from, int times)
    {
        Assert.True(FaultPlan.TryParse(text, out var plan, out _));

        Assert.Equal(new Fault(point, kind, TimeSpan.FromMilliseconds(milliseconds), from, times), Assert.Single(plan.Faults));
        Assert.Equal(text, plan.ToString());
    }

    [Fact]
    public void Several_are_made_together()
    {
        Assert.True(FaultPlan.TryParse("model=500*1, tool=error,cache=away", out var plan, out _));
        Assert.Equal([FaultPoint.Model, FaultPoint.Tool, FaultPoint.Cache], plan.Faults.Select(fault => fault.Point));
    }

    [Theory]
    [InlineData("")]
    [InlineData("model")]
    [InlineData("model=")]
    [InlineData("model=fire")]
    [InlineData("modell=stall")]
    [InlineData("model=stall*0")]
    [InlineData("model=stall*x")]
    [InlineData("model=latency:soon")]
    [InlineData("model=latency:1h")]
    [InlineData("model=latency:601s")]
    [InlineData("cache=stall")]
    [InlineData("3=stall")]
    [InlineData("model=stall,")]
    public void A_fault_that_there_is_not_is_answered_with_those_there_are(string text)
    {
        Assert.False(FaultPlan.TryParse(text, out _, out var mistake));
        Assert.Contains("model=stall|latency:2s|429|500|content_filter|", mistake, StringComparison.Ordinal);
        Assert.Contains("database=away", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_are_counted_for_each_point()
    {
        var faults = new ActiveFaults(
            [new Fault(FaultPoint.Model, FaultKind.ServerError, From: 2, Times: 2), new Fault(FaultPoint.Tool, FaultKind.Error)], FaultPoint.Model);

        Assert.Equal([null, FaultKind.ServerError, FaultKind.ServerError, null], Enumerable.Range(0, 4).Select(_ => faults.TakeModel(true)?.Kind));
        Assert.Equal(FaultKind.Error, faults.Take(FaultPoint.Tool)?.Kind);
        Assert.Null(faults.Take(FaultPoint.Cache));
    }
}
