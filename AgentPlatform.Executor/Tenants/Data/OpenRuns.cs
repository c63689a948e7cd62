using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Sessions;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>Cancels a run that has not ended, wherever it is at work, and waits up to a second for its end.</summary>
internal delegate Task CancelRun(string tenantId, Guid runId, CancellationToken cancellationToken);

/// <summary>How a removal stops runs.</summary>
internal static class OpenRuns
{
    public static CancelRun Cancel(IServiceProvider services)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var driver = services.GetRequiredService<RunDriver>();
        return async (tenantId, runId, cancellationToken) =>
        {
            if (await driver.LookAsync(tenantId, runId, cancellationToken) is { Started: { } started, Ending: null })
            {
                var request = RunHosts.Request(tenantId, runId, started);
                await RunHosts.Of(grains, request).CancelAsync(JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options));
            }
        };
    }
}
