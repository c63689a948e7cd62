using AgentPlatform.Core.AnswerCache;
using Xunit;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class LocalFlightTests
{
    private readonly LocalFlights<string> _flights = new();
    private readonly AnswerKey _key = AnswerKey.Of(new AnswerKeyParts("t", "a", "v", "m", "", "", "q"));

    [Fact]
    public async Task Whoever_comes_second_gets_what_the_first_reports()
    {
        var leader = _flights.Enter(_key, Guid.CreateVersion7(), out var leads);
        var waiter = _flights.Enter(_key, Guid.CreateVersion7(), out var alsoLeads);

        leader.Report("4");

        Assert.True(leads);
        Assert.False(alsoLeads);
        Assert.Equal(leader.RunId, waiter.RunId);
        Assert.Equal("4", await waiter.Result);
        Assert.False(waiter.Landed.IsCompleted);
    }

    [Fact]
    public async Task A_leader_that_leaves_tells_its_waiters_and_frees_the_key()
    {
        var leader = _flights.Enter(_key, Guid.CreateVersion7(), out _);
        var waiter = _flights.Enter(_key, Guid.CreateVersion7(), out _);

        _flights.Land(_key, leader);

        Assert.Null(await waiter.Result);
        await waiter.Landed;
        _flights.Enter(_key, Guid.CreateVersion7(), out var leads);
        Assert.True(leads);
    }

    [Fact]
    public void Landing_twice_does_not_end_the_next_flight()
    {
        var first = _flights.Enter(_key, Guid.CreateVersion7(), out _);
        _flights.Land(_key, first);
        _flights.Enter(_key, Guid.CreateVersion7(), out _);

        _flights.Land(_key, first);

        _flights.Enter(_key, Guid.CreateVersion7(), out var leads);
        Assert.False(leads);
    }
}
