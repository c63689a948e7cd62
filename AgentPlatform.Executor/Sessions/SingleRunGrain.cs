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
    protected override string? Refuse(RunRequest request) => agents.Find(request.Agent) is null ? ProblemCodes.AgentNotFound : null;

    protected override async Task<RunOutcome> RunAsync(RunHandle handle, CancellationToken stopping)
    {
        var request = handle.Request;
        if (request.Attach && await driver.FindAsync(handle, _ => [], stopping) is { } known)
        {
            return known;
        }

        var agent = agents.Find(request.Agent) ?? throw new RunRefusedException(ProblemCodes.AgentNotFound);
        var ticket = new RunTicket(request, agent, Turn: null, History: []) { Bounds = await driver.ReserveAsync(agent, handle, stopping) };
        return request.Background
            ? await AcceptAsync(ticket, handle, stopping)
            : await driver.StartAsync(ticket, handle, stopping);
    }

    protected override void OnEnded(Guid runId) => DeactivateOnIdle();

    private async Task<RunOutcome> AcceptAsync(RunTicket ticket, RunHandle handle, CancellationToken stopping)
    {
        LiveRun accepted;
        try
        {
            accepted = await driver.AcceptAsync(ticket, handle, stopping);
        }
        catch (RunLostException)
        {
            // Accepted before, by an executor whose word was lost on the way.
            return await driver.FindAsync(handle, _ => [], stopping) ?? throw new RunRefusedException(ProblemCodes.ExecutorUnavailable);
        }

        return await driver.BeginAsync(accepted, [], handle, stopping);
    }
}
