using AgentPlatform.Executor.Tools;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class ClockTests
{
    private readonly ClockPlugin _clock = new(new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 22, 30, 15, TimeSpan.Zero)));

    [Theory]
    [InlineData("UTC", "2026-07-01T22:30:15+00:00", "Wednesday")]
    [InlineData("Europe/Berlin", "2026-07-02T00:30:15+02:00", "Thursday")]
    [InlineData("Asia/Shanghai", "2026-07-02T06:30:15+08:00", "Thursday")]
    [InlineData("America/St_Johns", "2026-07-01T20:00:15-02:30", "Wednesday")]
    [InlineData("W. Europe Standard Time", "2026-07-02T00:30:15+02:00", "Thursday")]
    public void The_time_is_told_in_the_zone_asked_for(string zone, string iso, string weekday)
    {
        var reading = _clock.Read(zone);

        Assert.Equal((iso, weekday), (reading.Iso, reading.Weekday));
        Assert.Equal(iso[..10], reading.Date);
        Assert.Equal(iso[11..19], reading.Time);
    }

    [Theory]
    [InlineData("Berlin")]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    public void A_zone_that_does_not_exist_is_explained(string zone)
    {
        var error = Assert.Throws<ToolException>(() => _clock.Read(zone));

        Assert.StartsWith($"There is no time zone '{zone}'. Use an IANA name such as Europe/Berlin", error.Message, StringComparison.Ordinal);
    }
}
