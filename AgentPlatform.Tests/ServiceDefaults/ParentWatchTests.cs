using System.Diagnostics;
using System.Globalization;
using AgentPlatform.ServiceDefaults.Lifetime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed class ParentWatchTests
{
    [Fact]
    public async Task A_service_stops_in_order_when_its_parent_is_gone()
    {
        using var parent = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        await using var service = await TestService.StartAsync(settings: [("AGENTPLATFORM_PARENT_PID", parent.Id.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal(200, (await service.GetJsonAsync("/ready")).Status);

        parent.Kill();
        await service.App.WaitForShutdownAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Contains(await service.StopAndReadLogAsync(), line => line.TryGetProperty("event", out var name) && name.GetString() == "parent_gone");
    }

    [Fact]
    public async Task A_process_is_alive_until_it_has_ended()
    {
        using var ended = Process.Start(new ProcessStartInfo("true"))!;
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.False(new ParentProcess(ended.Id).IsAlive);
        Assert.True(new ParentProcess(Environment.ProcessId).IsAlive);
    }

    [Fact]
    public void An_id_that_is_no_number_is_refused_by_name()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("AGENTPLATFORM_PARENT_PID", (string?)"init")]);

        var error = Assert.Throws<InvalidOperationException>(() => builder.AddServiceDefaults());
        Assert.Contains("AGENTPLATFORM_PARENT_PID", error.Message, StringComparison.Ordinal);
    }
}
