using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs;

public sealed class RunHandleTests
{
    private static readonly TimeSpan AlmostTenSeconds = TimeSpan.FromSeconds(9.9);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_run_is_stopped_ten_seconds_after_somebody_last_asked_about_it()
    {
        var run = Handle(background: false);
        run.Seen();
        _clock.Advance(AlmostTenSeconds);
        run.Seen();
        _clock.Advance(AlmostTenSeconds);
        Assert.False(run.IsCut);

        _clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(run.IsCut);
        Assert.Equal(RunCancelled.Unwatched, run.Cancelled.Cause);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_background_run_and_one_that_waited_for_a_person_need_nobody_to_watch(bool background)
    {
        var run = Handle(background);
        run.Seen();
        if (!background)
        {
            run.Keep();
        }

        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.False(run.IsCut);
    }

    private RunHandle Handle(bool background) => new(
        new RunRequest
        {
            RunId = Guid.CreateVersion7(_clock.GetUtcNow()),
            TenantId = InternalWire.LocalTenant,
            Agent = "default",
            Question = "Are you there?",
            Timeout = 60,
            Background = background,
        },
        new RunOptions().UnwatchedFor,
        _clock);
}
