using AgentPlatform.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed class HealthTests
{
    [Fact]
    public async Task A_service_without_trouble_is_ok()
    {
        await using var service = await TestService.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("agentdb", () => HealthCheckResult.Healthy(), [HealthTags.Required]));
        var (status, body) = await service.GetJsonAsync("/health");

        Assert.Equal(200, status);
        Assert.Equal("ok", body.GetProperty("status").GetString());
        Assert.Equal("ok", body.GetProperty("dependencies").GetProperty("agentdb").GetProperty("status").GetString());
        Assert.True(body.GetProperty("dependencies").GetProperty("agentdb").GetProperty("ms").GetDouble() >= 0);
        Assert.True(body.GetProperty("timestamp").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task A_required_dependency_that_is_down_makes_503_and_its_exception_stays_inside()
    {
        await using var service = await TestService.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("agentdb", () => throw new InvalidOperationException("secret host"), [HealthTags.Required])
            .AddCheck("cache", () => HealthCheckResult.Degraded("not connected")));
        var (status, body) = await service.GetJsonAsync("/health");

        Assert.Equal(503, status);
        Assert.Equal("down", body.GetProperty("status").GetString());
        Assert.Equal("down", body.GetProperty("dependencies").GetProperty("agentdb").GetProperty("status").GetString());
        Assert.Equal("degraded", body.GetProperty("dependencies").GetProperty("cache").GetProperty("status").GetString());
        Assert.Equal("not connected", body.GetProperty("dependencies").GetProperty("cache").GetProperty("detail").GetString());
        Assert.DoesNotContain("secret", body.ToString(), StringComparison.Ordinal);

        var log = await service.StopAndReadLogAsync();
        var line = Assert.Single(log, line => line.GetProperty("message").GetString()!.StartsWith("Dependency agentdb", StringComparison.Ordinal));
        Assert.Equal("dependency_down", line.GetProperty("event").GetString());
        Assert.Contains("secret host", line.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_that_is_not_required_only_degrades()
    {
        await using var service = await TestService.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("model", () => HealthCheckResult.Unhealthy("no answer")));
        var (status, body) = await service.GetJsonAsync("/health");

        Assert.Equal(200, status);
        Assert.Equal("degraded", body.GetProperty("status").GetString());
        Assert.Equal("down", body.GetProperty("dependencies").GetProperty("model").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_check_that_hangs_is_given_up_after_its_deadline()
    {
        var never = new TaskCompletionSource<HealthCheckResult>();
        await using var service = await TestService.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddAsyncCheck("agentdb", () => never.Task, [HealthTags.Required]));
        var began = TimeProvider.System.GetTimestamp();
        var (status, body) = await service.GetJsonAsync("/health");

        Assert.Equal(503, status);
        Assert.Equal("no answer within 2 s", body.GetProperty("dependencies").GetProperty("agentdb").GetProperty("detail").GetString());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Many_callers_share_one_report()
    {
        var asked = 0;
        await using var service = await TestService.StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("agentdb", () => HealthCheckResult.Healthy($"{Interlocked.Increment(ref asked)}")));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.GetJsonAsync("/health")));

        Assert.InRange(asked, 1, 2);
    }

    [Fact]
    public async Task A_service_adds_fields_and_a_field_that_fails_is_left_out()
    {
        await using var service = await TestService.StartAsync(builder => builder.Services
            .AddHealthField("models", (_, _) => new(new { Default = new { Provider = "builtin", InputPrice = 0.1 } }))
            .AddHealthField("broken", (_, _) => throw new InvalidOperationException("secret")));
        var (status, body) = await service.GetJsonAsync("/health");

        Assert.Equal(200, status);
        Assert.Equal("builtin", body.GetProperty("models").GetProperty("default").GetProperty("provider").GetString());
        Assert.Equal(0.1, body.GetProperty("models").GetProperty("default").GetProperty("input_price").GetDouble());
        Assert.False(body.TryGetProperty("broken", out _));
    }

    [Fact]
    public async Task Ready_opens_with_the_start_and_closes_with_draining_while_alive_stays()
    {
        await using var service = await TestService.StartAsync();
        var (status, body) = await service.GetJsonAsync("/ready");
        Assert.Equal((200, "ready"), (status, body.GetProperty("status").GetString()));

        service.Get<ReadinessGate>().MarkDraining();
        service.Get<ReadinessGate>().MarkReady();
        (status, body) = await service.GetJsonAsync("/ready");
        Assert.Equal((503, "draining"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(200, (await service.GetJsonAsync("/alive")).Status);
    }

    [Fact]
    public async Task A_service_that_says_itself_when_it_is_ready_is_not_before()
    {
        await using var service = await TestService.StartAsync(settings: [("Service:ReadyOnStart", "false")]);
        var (status, body) = await service.GetJsonAsync("/ready");
        Assert.Equal((503, "starting"), (status, body.GetProperty("status").GetString()));

        service.Get<ReadinessGate>().MarkReady();
        Assert.Equal(200, (await service.GetJsonAsync("/ready")).Status);
    }

    [Fact]
    public async Task While_the_host_stops_ready_answers_503_until_the_last_work_is_done()
    {
        var work = new LastWork();
        await using var service = await TestService.StartAsync(builder => builder.Services.AddSingleton<IHostedService>(work));
        var stop = service.App.StopAsync(TestContext.Current.CancellationToken);
        await work.Draining.Task.WaitAsync(TestContext.Current.CancellationToken);
        service.App.Lifetime.StopApplication();

        Assert.Equal(503, (await service.GetJsonAsync("/ready")).Status);
        work.Finish.SetResult();
        await stop;
    }

    private sealed class LastWork : IHostedLifecycleService
    {
        internal TaskCompletionSource Draining { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            Draining.SetResult();
            return Finish.Task.WaitAsync(cancellationToken);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
