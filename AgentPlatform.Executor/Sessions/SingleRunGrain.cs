using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;
using Orleans.Placement;

namespace AgentPlatform.Executor.Sessions;

/// <summary>A run without a session: placed where it was asked for, gone when it ends.</summary>
[PreferLocalPlacement]
internal sealed class SingleRunGrain(AgentCatalogue agents, RunDriver driver, RunGate gate, TimeProvider clock, ILogger<SingleRunGrain> logger)
    : RunHostGrain(gate, clock, logger), ISingleRunGrain
{
    protected override string? Refuse(RunRequest request) =>
        agents.Find(request.Agent) is null && !request.Attach ? ProblemCodes.AgentNotFound : null;

    protected override async Task<RunOutcome> RunAsync(RunRequest request, CancellationToken cancel)
    {
        if (request.Attach && await driver.FindAsync(request.TenantId, request.RunId, _ => [], cancel) is { } known)
        {
            return known;
        }

        var agent = agents.Find(request.Agent) ?? throw new InvalidOperationException($"Agent '{request.Agent}' is gone.");
        return await driver.StartAsync(new RunTicket(request, agent, Turn: null, History: []), cancel);
    }

    protected override void OnEnded(Guid runId) => DeactivateOnIdle();
}
