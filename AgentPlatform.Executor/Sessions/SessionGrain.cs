using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// The one writer of one session: holds the conversation and runs one run at a time. Orleans gives it its address; what
/// is true is in the journal, so a second activation of the same session does no harm.
/// </summary>
/// <remarks>Placed at random: the default placement fills one silo first when many sessions begin at once.</remarks>
[RandomPlacement]
[SuppressMessage("Design", "CA1001", Justification = "A task of this grain may outlive the activation and still release it; without a wait handle there is nothing to dispose.")]
internal sealed class SessionGrain(
    SessionStore store,
    SessionAnswers answers,
    AgentCatalogue agents,
    RunDriver driver,
    RunGate gate,
    IOptions<RunOptions> options,
    AgentMetrics metrics,
    TimeProvider clock,
    ILogger<SessionGrain> logger)
    : RunHostGrain(gate, clock, logger), ISessionGrain
{
    /// <summary>Times a turn is tried again after another activation took its place.</summary>
    private const int MaxTurnAttempts = 3;

    /// <summary>Ended runs whose outcome is still at hand for a caller between two looks.</summary>
    private const int RememberedRuns = 8;

    private readonly SemaphoreSlim _floor = new(1, 1);
    private readonly Queue<Guid> _ended = new();
    private Conversation? _conversation;

    public async Task<bool> RecordToldAsync(byte[] told)
    {
        var answer = JsonSerializer.Deserialize<ToldAnswer>(told, WireJson.Options)!;
        var recorded = await store.RecordToldAnswerAsync(answer, CancellationToken.None);
        if (recorded)
        {
            await ForgetAsync();
        }

        return recorded;
    }

    public Task ForgetAsync()
    {
        _conversation = null;
        return Task.CompletedTask;
    }

    protected override string? Refuse(RunRequest request)
    {
        if (request.Attach)
        {
            return null;
        }

        if (agents.Find(request.Agent) is not { } agent)
        {
            return ProblemCodes.AgentNotFound;
        }

        var open = Runs.Count(run => !run.Done.IsCompleted);
        if (open > 0 && agent.Concurrency == SessionConcurrency.Reject)
        {
            return ProblemCodes.SessionBusy;
        }

        return open > options.Value.MaxQueuedPerSession ? ProblemCodes.Overloaded : null;
    }

    protected override async Task<RunOutcome> RunAsync(RunRequest request, CancellationToken cancel)
    {
        var arrived = Clock.GetTimestamp();
        if (!await TakeFloorAsync(request, cancel))
        {
            return TimedOutWaiting(request);
        }

        try
        {
            return await TakeTurnAsync(request, arrived, cancel);
        }
        finally
        {
            _floor.Release();
        }
    }

    protected override void OnEnded(Guid runId)
    {
        _ended.Enqueue(runId);
        while (_ended.Count > RememberedRuns)
        {
            Forget(_ended.Dequeue());
        }
    }

    private async Task<bool> TakeFloorAsync(RunRequest request, CancellationToken cancel)
    {
        metrics.QueueEntered();
        try
        {
            return await _floor.WaitAsync(TimeSpan.FromSeconds(request.Timeout), cancel);
        }
        finally
        {
            metrics.QueueLeft();
        }
    }

    /// <param name="arrived">When the message came: its time runs from then, however long it waited.</param>
    private async Task<RunOutcome> TakeTurnAsync(RunRequest request, long arrived, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var conversation = _conversation ??= await LoadAsync(request, cancel);
            if (request.Attach && await driver.FindAsync(request.TenantId, request.RunId, conversation.SeenBy, cancel) is { } known)
            {
                _conversation = null;
                return known;
            }

            var left = request.Timeout - Clock.GetElapsedTime(arrived).TotalSeconds;
            if (left <= 0)
            {
                return TimedOutWaiting(request);
            }

            try
            {
                return await AnswerAsync(request with { Timeout = left }, conversation, cancel);
            }
            catch (Exception exception)
            {
                // The turn's number may be taken, here or by another activation: what we hold is old.
                _conversation = null;
                if (exception is not RunLostException || attempt == MaxTurnAttempts)
                {
                    throw;
                }
            }
        }
    }

    private async Task<RunOutcome> AnswerAsync(RunRequest request, Conversation conversation, CancellationToken cancel)
    {
        var agent = agents.Find(request.Agent) ?? throw new InvalidOperationException($"Agent '{request.Agent}' is gone.");
        var history = conversation.For(agent);
        var turn = conversation.Begin();
        var ticket = new RunTicket(request, agent, turn, history);
        if (await answers.FindAsync(ticket, cancel) is { } hit)
        {
            var told = await driver.RecordHitAsync(ticket, hit.Completed, cancel);
            return Remember(told with { Model = hit.Model, Cache = told.Cache with { Age = hit.Age } }, request.Question, turn);
        }

        var outcome = await driver.StartAsync(ticket, cancel);
        return Remember(await answers.KeepAsync(ticket, outcome), request.Question, turn);
    }

    private RunOutcome Remember(RunOutcome outcome, string question, int turn)
    {
        if (outcome.Answer is { } answer)
        {
            _conversation?.Add(new ConversationTurn(turn, question, answer));
        }

        return outcome;
    }

    /// <summary>Reads the newest turns; a run left open by a process that is gone is finished first.</summary>
    private async Task<Conversation> LoadAsync(RunRequest request, CancellationToken cancel)
    {
        var snapshot = await LoadSnapshotAsync();
        if (snapshot.Open is { } open && open.RunId != request.RunId)
        {
            var before = Of(snapshot);
            await driver.FindAsync(request.TenantId, open.RunId, before.SeenBy, cancel);
            snapshot = await LoadSnapshotAsync();
        }

        return Of(snapshot);

        Task<SessionSnapshot> LoadSnapshotAsync() =>
            store.LoadAsync(request.TenantId, request.SessionId!, options.Value.HistoryWindow, cancel);
    }

    private Conversation Of(SessionSnapshot snapshot) => new(
        snapshot.Turns.Select(turn => new ConversationTurn(turn.Turn, turn.Question, turn.Answer)),
        snapshot.NextTurn,
        options.Value.HistoryWindow);

    private static RunOutcome TimedOutWaiting(RunRequest request) => new()
    {
        RunId = request.RunId,
        Status = RunStatus.TimedOut,
        Agent = request.Agent,
        AgentVersion = "",
        SessionId = request.SessionId,
        Usage = Usage.None,
        Reason = FailureReason.Timeout,
        Message = "The session's earlier messages took all of this one's time.",
        Cache = new CacheDecision { Decision = "no_answer" },
    };
}
