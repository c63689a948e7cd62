using AgentPlatform.Core.ChatModels;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Tests.ServiceDefaults;

/// <summary>Circuits of their own for a test that puts its parts together by hand.</summary>
internal static class TestCircuits
{
    public static AgentMetrics Metrics() =>
        new ServiceCollection().AddMetrics().AddSingleton<AgentMetrics>().BuildServiceProvider().GetRequiredService<AgentMetrics>();

    public static Circuits New(TimeProvider? time = null)
    {
        var metrics = Metrics();
        time ??= TimeProvider.System;
        return new Circuits(Options.Create(new CircuitOptions()), new CircuitBoard(metrics, time, NullLogger<CircuitBoard>.Instance), metrics, time);
    }

    public static ModelGuards Guards(TimeProvider time) => new(New(time), Metrics(), time);
}
