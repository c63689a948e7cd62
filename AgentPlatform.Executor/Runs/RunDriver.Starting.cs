using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;

namespace AgentPlatform.Executor.Runs;

/// <content>What a run begins with.</content>
internal sealed partial class RunDriver
{
    /// <summary>Sets aside what a run may use, in every budget that applies to it. Before a run that is new; those in the journal have done so.</summary>
    /// <exception cref="RunRefusedException">A budget does not allow the run, or the database did not say in time.</exception>
    public ValueTask<RunBounds> ReserveAsync(AgentDefinition agent, RunHandle handle, CancellationToken stopping) =>
        budgets.ReserveAsync(handle.Request, agent, handle.Cut, stopping);

    private LiveRun NewRun(RunTicket ticket, RunHandle handle)
    {
        handle.Feed.Reset([]);
        return new LiveRun(
            Identity(ticket.Request.TenantId, ticket.Request.RunId),
            rules.For(ticket.Agent),
            ticket.History,
            journal,
            handle.Feed,
            clock,
            lifetime.Stopping);
    }

    private RunStarted StartOf(RunTicket ticket, bool queued)
    {
        var request = ticket.Request;
        var seconds = Math.Min(request.Timeout, ticket.Agent.Limits.MaxSeconds ?? double.MaxValue);
        return new RunStarted
        {
            Agent = ticket.Agent.Name,
            AgentVersion = ticket.Agent.Version,
            Question = JournalText.Clean(request.Question),
            SessionId = request.SessionId,
            Turn = ticket.Turn,
            HistoryFrom = ticket.History.Count > 0 ? ticket.History[0].Turn : null,
            TimeoutMs = (long)(seconds * 1000),
            MaxTotalTokens = ticket.Bounds.MaxTotalTokens,
            MaxCostUsd = ticket.Bounds.MaxCostUsd,
            Background = request.Background,
            Queued = queued,
            Summary = ticket.Summary,
            WaitedMs = (long)ticket.Waited.TotalMilliseconds,
            Untrusted = ticket.Untrusted,
            User = request.User,
            Metadata = request.Metadata,
            Echo = request.Echo,
            Context = request.Context,
            RequestHash = request.RequestHash,
            Executor = lease.Id.ToString(),
            TraceParent = request.TraceParent,
        };
    }
}
