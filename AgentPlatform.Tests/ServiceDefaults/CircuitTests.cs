using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.AspNetCore.Builder;
using Polly;
using Polly.CircuitBreaker;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed class CircuitTests
{
    [Fact]
    public async Task An_open_circuit_is_seen_in_health_metrics_and_log_and_changes_no_status()
    {
        await using var service = await TestService.StartAsync(
            map: app => app.MapMetrics(), settings: [("Circuits:MinimumCalls", "2"), ("Circuits:BreakFor", "00:00:00.500")]);
        var circuit = service.Get<Circuits>().Of(Hops.Model, "models.example.org:443", IsFailure);
        Assert.Equal(0, (await service.GetJsonAsync("/health")).Body.GetProperty("open_circuits").GetArrayLength());
        await FailAsync(circuit);
        await FailAsync(circuit);

        await Assert.ThrowsAsync<BrokenCircuitException>(async () => await circuit.ExecuteAsync(_ => ValueTask.CompletedTask, TestContext.Current.CancellationToken));
        var metrics = await ScrapeAsync(service);
        Assert.Equal(2, metrics["""agent_circuit_state{endpoint="models.example.org:443",hop="model"}"""]);
        Assert.Equal(1, metrics["""agent_circuit_opened_total{endpoint="models.example.org:443",hop="model"}"""]);
        await Api.Wait.UntilAsync(
            async () => await service.GetJsonAsync("/health") is (200, var body)
                && body.GetProperty("status").GetString() == "ok"
                && body.GetProperty("open_circuits") is var open && open.GetArrayLength() == 1
                && open[0].GetProperty("endpoint").GetString() == "models.example.org:443",
            "the health report is renewed and shows the circuit");

        await Api.Wait.UntilAsync(
            async () =>
            {
                try
                {
                    await circuit.ExecuteAsync(_ => ValueTask.CompletedTask, TestContext.Current.CancellationToken);
                    return true;
                }
                catch (BrokenCircuitException)
                {
                    return false;
                }
            },
            "a call tries the server again");
        Assert.Empty(service.Get<CircuitBoard>().Open);
        var log = await service.StopAndReadLogAsync();
        Assert.Equal(
            ["circuit_opened", "circuit_closed"],
            log.Select(line => line.TryGetProperty("event", out var name) ? name.GetString() : null).Where(name => name?.StartsWith("circuit_", StringComparison.Ordinal) == true));
    }

    [Fact]
    public async Task Servers_that_models_choose_have_circuits_of_their_own_and_no_names()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapMetrics(), settings: ("Circuits:MinimumCalls", "2"));
        for (var server = 0; server < 1_000; server++)
        {
            await service.Get<Circuits>().OfUnlisted(Hops.Tool, $"server-{server}", IsFailure).ExecuteAsync(_ => ValueTask.CompletedTask, TestContext.Current.CancellationToken);
        }

        var circuit = service.Get<Circuits>().OfUnlisted(Hops.Tool, "down", IsFailure);
        await FailAsync(circuit);
        await FailAsync(circuit);

        await Assert.ThrowsAsync<BrokenCircuitException>(() => FailAsync(service.Get<Circuits>().OfUnlisted(Hops.Tool, "down", IsFailure)));
        await service.Get<Circuits>().OfUnlisted(Hops.Tool, "up", IsFailure).ExecuteAsync(_ => ValueTask.CompletedTask, TestContext.Current.CancellationToken);
        Assert.Equal(1, (await ScrapeAsync(service))["""agent_circuit_opened_total{endpoint="any",hop="tool"}"""]);
        Assert.Empty(service.Get<CircuitBoard>().Open);
    }

    [Fact]
    public async Task A_trial_that_its_caller_gave_up_says_nothing_about_the_server()
    {
        await using var service = await TestService.StartAsync(
            map: app => app.MapMetrics(), settings: [("Circuits:MinimumCalls", "2"), ("Circuits:BreakFor", "00:00:00.500")]);
        var circuit = service.Get<Circuits>().Of(Hops.Model, "models.example.org:443", IsFailure);
        await FailAsync(circuit);
        await FailAsync(circuit);

        using var left = new CancellationTokenSource();
        await left.CancelAsync();
        await Api.Wait.UntilAsync(
            async () => await Record.ExceptionAsync(async () => await circuit.ExecuteAsync(LeaveAsync, TestContext.Current.CancellationToken)) is OperationCanceledException,
            "a call tries the server again, and its caller leaves");

        Assert.Single(service.Get<CircuitBoard>().Open);
        await Assert.ThrowsAsync<BrokenCircuitException>(() => FailAsync(circuit));

        async ValueTask LeaveAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            left.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<PrometheusText> ScrapeAsync(TestService service) =>
        PrometheusText.Parse(await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));

    private static bool IsFailure(Outcome<object> outcome) => outcome.Exception is TimeoutException;

    private static async Task FailAsync(ResiliencePipeline circuit)
    {
        try
        {
            await circuit.ExecuteAsync(_ => throw new TimeoutException(), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            // As asked.
        }
    }
}
