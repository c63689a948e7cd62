using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>Moves the gate with the host: ready when it has started (unless the service says so itself), draining from the first moment of a stop.</summary>
internal sealed class ReadinessLifetime(ReadinessGate gate, IHostApplicationLifetime lifetime, IOptions<ServiceDefaultsOptions> options)
    : IHostedService
{
    private CancellationTokenRegistration _started;
    private CancellationTokenRegistration _stopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ReadyOnStart)
        {
            _started = lifetime.ApplicationStarted.Register(gate.MarkReady);
        }

        _stopping = lifetime.ApplicationStopping.Register(gate.MarkDraining);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _started.DisposeAsync();
        await _stopping.DisposeAsync();
        gate.MarkDraining();
    }
}
