using AgentPlatform.Api.Admission;
using AgentPlatform.Tests.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Api.Admission;

public sealed class AdmissionGateTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_gets_in_in_the_order_of_coming()
    {
        using var gate = Gate(places: 1, queue: 3);
        var inside = await gate.EnterAsync(Stop);
        var waiting = Enumerable.Range(0, 3).Select(_ => gate.EnterAsync(Stop).AsTask()).ToArray();
        Assert.Equal(3, gate.Waiting);

        foreach (var next in waiting)
        {
            Assert.DoesNotContain(waiting.SkipWhile(task => task != next), task => task.IsCompleted);
            inside!.Dispose();
            inside = await next;
            Assert.NotNull(inside);
        }

        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task Beyond_the_queue_everybody_is_refused_until_there_is_room_again()
    {
        using var gate = Gate(places: 1, queue: 1);
        var inside = await gate.EnterAsync(Stop);
        var waiting = gate.EnterAsync(Stop).AsTask();

        Assert.Null(await gate.EnterAsync(Stop));
        inside!.Dispose();
        var second = await waiting;
        second!.Dispose();

        Assert.NotNull(await gate.EnterAsync(Stop));
    }

    [Fact]
    public async Task Who_leaves_the_queue_leaves_no_trace()
    {
        using var gate = Gate(places: 1, queue: 1);
        var inside = await gate.EnterAsync(Stop);
        using var caller = new CancellationTokenSource();
        var waiting = gate.EnterAsync(caller.Token).AsTask();

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var next = gate.EnterAsync(Stop).AsTask();
        inside!.Dispose();
        Assert.NotNull(await next);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public async Task At_the_pace_of_the_last_questions_who_cannot_be_answered_in_time_is_refused_at_once()
    {
        using var gate = Gate(places: 1, queue: 100, within: 30);
        await ServeAsync(gate, TimeSpan.FromSeconds(12));
        using var inside = await gate.EnterAsync(Stop);

        // 12 s for the one inside, 12 s of its own; with another ahead it would be 36.
        var waiting = gate.EnterAsync(Stop).AsTask();
        Assert.Null(await gate.EnterAsync(Stop));

        Assert.False(waiting.IsCompleted);
        Assert.Equal(TimeSpan.FromSeconds(12), gate.ComeBackAfter);
    }

    [Fact]
    public async Task A_place_with_no_time_left_to_use_it_is_too_late()
    {
        using var gate = Gate(places: 1, queue: 1);
        await ServeAsync(gate, TimeSpan.FromSeconds(2));

        Assert.False(gate.IsTooLate(TimeSpan.Zero, TimeSpan.FromSeconds(1)), "Who did not wait is not shed: the ladder answers in time.");
        Assert.False(gate.IsTooLate(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)));
        Assert.True(gate.IsTooLate(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4)));
    }

    private async Task ServeAsync(AdmissionGate gate, TimeSpan time)
    {
        var served = await gate.EnterAsync(Stop);
        _time.Advance(time);
        served!.Dispose();
    }

    private AdmissionGate Gate(int places, int queue, int within = 30) => new(
        Options.Create(new AdmissionOptions { MaxConcurrent = places, MaxQueued = queue, AnswerWithin = TimeSpan.FromSeconds(within) }),
        TestCircuits.Metrics(),
        _time,
        NullLogger<AdmissionGate>.Instance);
}
