using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
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
internal sealed class SessionGrain(
    SessionStore store,
    SessionAnswers answers,
    SessionSummary summaries,
    AgentCatalogue agents,
    RunDriver driver,
    RunGate gate,
    IOptions<RunOptions> options,
    AgentMetrics metrics,
    TimeProvider clock,
    ILogger<SessionGrain> logger)
    : RunHostGrain(gate, clock, logger), ISessionGrain
{
    /// <summary>Ended runs whose outcome is still at hand for a caller between two looks.</summary>
    private const int RememberedRuns = 8;

    private readonly TurnFloor _floor = new();
    private readonly Queue<Guid> _ended = new();
    private Task<Conversation>? _loading;
    private Task _summing = Task.CompletedTask;
    private CancellationTokenSource? _stopSumming;

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

    public async Task StopAllAsync(string tenantId, string sessionId)
    {
        var open = await store.OpenAsync(tenantId, sessionId, CancellationToken.None);
        await Task.WhenAll(open.Select(run => CancelAsync(JsonSerializer.SerializeToUtf8Bytes(RequestOf(tenantId, sessionId, run), WireJson.Options))));
    }

    public Task ForgetAsync()
    {
        _loading = null;
        // A summary under way is one of what is forgotten.
        return _stopSumming?.CancelAsync() ?? Task.CompletedTask;
    }

    protected override string? Refuse(RunRequest request)
    {
        if (agents.Find(request.Agent) is not { } agent)
        {
            return ProblemCodes.AgentNotFound;
        }

        var open = Runs.Values.Count(run => !run.Done.IsCompleted && run.Request.RunId != request.RunId);
        if (open > 0 && agent.Concurrency == SessionConcurrency.Reject)
        {
            return ProblemCodes.SessionBusy;
        }

        return open > options.Value.MaxQueuedPerSession ? ProblemCodes.Overloaded : null;
    }

    protected override async Task<RunOutcome> RunAsync(RunHandle handle, CancellationToken stopping)
    {
        var request = handle.Request;
        if (handle.Turn is null && request.Attach)
        {
            // Whatever stands open in the session is hosted first, in its order; this run may be among it.
            var conversation = await ConversationAsync(request, stopping);
            if (handle.Turn is null && await driver.LookAsync(request.TenantId, request.RunId, stopping) is { } known)
            {
                if (known.Ending is not null || (known.IsParked(Clock.GetUtcNow()) && handle is { Decision: null, IsCut: false }))
                {
                    return (await driver.FindAsync(handle, started => HistoryOf(conversation, started), stopping))!;
                }

                handle.Turn = known.Started!.Turn;
            }

            if (handle.Turn is null && Refuse(request) is { } code)
            {
                throw new RunRefusedException(code);
            }
        }

        if (handle.Turn is { } turn)
        {
            return await GoOnAsync(handle, turn, stopping);
        }

        return request.Background
            ? await AcceptAsync(handle, stopping)
            : await AnswerAsync(handle, stopping);
    }

    protected override void OnEnded(Guid runId)
    {
        _ended.Enqueue(runId);
        while (_ended.Count > RememberedRuns)
        {
            var oldest = _ended.Dequeue();
            if (Runs.TryGetValue(oldest, out var run) && run.Done.IsCompleted)
            {
                Forget(oldest);
            }
        }
    }

    /// <summary>A run that stands in the journal, at its place among the others.</summary>
    private async Task<RunOutcome> GoOnAsync(RunHandle handle, int turn, CancellationToken stopping)
    {
        using var floor = await TakeFloorAsync(handle, turn, stopping);
        var conversation = await ConversationAsync(handle.Request, stopping);
        try
        {
            return await driver.FindAsync(handle, started => HistoryOf(conversation, started), stopping) ?? throw new RunRefusedException(ProblemCodes.RunNotFound);
        }
        finally
        {
            _loading = null;
        }
    }

    /// <summary>Makes a background run durable at once, and works on it when its turn comes.</summary>
    private async Task<RunOutcome> AcceptAsync(RunHandle handle, CancellationToken stopping)
    {
        var request = handle.Request;
        var agent = Agent(request);
        var bounds = await driver.ReserveAsync(agent, handle, stopping);
        while (true)
        {
            var conversation = await ConversationAsync(request, stopping);
            var turn = Begin(conversation, request);
            LiveRun accepted;
            try
            {
                accepted = await driver.AcceptAsync(
                    new RunTicket(request, agent, turn, History: [])
                    {
                        Summary = conversation.SummaryFor(agent),
                        Untrusted = conversation.Untrusted,
                        Bounds = bounds,
                    }, handle, stopping);
            }
            catch (RunLostException) when (!handle.IsCut)
            {
                // The turn's number is taken by another activation, or the run stands already: what we hold is old.
                _loading = null;
                if (await driver.LookAsync(request.TenantId, request.RunId, stopping) is { } known)
                {
                    return await GoOnAsync(handle, known.Started!.Turn!.Value, stopping);
                }

                continue;
            }

            handle.Turn = turn;
            using var floor = await TakeFloorAsync(handle, turn, stopping);
            var history = (await ConversationAsync(request, stopping)).Before(turn).For(agent.ContextTokens);
            var outcome = await driver.BeginAsync(accepted, history, handle, stopping);
            var ticket = new RunTicket(request, agent, turn, history) { Summary = accepted.State.Started!.Summary };
            return await RememberAsync(ticket, await answers.KeepAsync(ticket, outcome));
        }
    }

    /// <summary>A message that somebody waits for: it gets its turn when it gets the floor.</summary>
    private async Task<RunOutcome> AnswerAsync(RunHandle handle, CancellationToken stopping)
    {
        var request = handle.Request;
        var arrived = Clock.GetTimestamp();
        using var inTime = new CancellationTokenSource(TimeSpan.FromSeconds(request.Timeout), Clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(inTime.Token, handle.Cut, stopping);
        while (true)
        {
            try
            {
                await ConversationAsync(request, waiting.Token);
                using var floor = await TakeFloorAsync(waiting.Token);
                if (_loading is not { IsCompletedSuccessfully: true } loaded)
                {
                    // What we knew grew old while we waited; what is open now goes first.
                    continue;
                }

                return await TakeTurnAsync(handle, await loaded, Clock.GetElapsedTime(arrived), stopping);
            }
            catch (RunLostException) when (!waiting.IsCancellationRequested)
            {
                // The turn's number is taken by another activation.
                _loading = null;
            }
            catch (OperationCanceledException) when (waiting.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                return NotBegun(handle);
            }
        }
    }

    private async Task<RunOutcome> TakeTurnAsync(RunHandle handle, Conversation conversation, TimeSpan waited, CancellationToken stopping)
    {
        // Its time runs from when it came, however long it waited.
        var request = handle.Request with { Timeout = Math.Max(0.001, handle.Request.Timeout - waited.TotalSeconds) };
        var agent = Agent(request);
        var history = conversation.For(agent.ContextTokens);
        var turn = Begin(conversation, request);
        var ticket = new RunTicket(request, agent, turn, history) { Waited = waited, Summary = conversation.SummaryFor(agent), Untrusted = conversation.Untrusted };
        try
        {
            if (await answers.FindAsync(ticket, stopping) is { } hit)
            {
                ticket = ticket with { Untrusted = ticket.Untrusted || hit.Untrusted };
                var told = await driver.RecordHitAsync(ticket, hit.Completed, handle, stopping);
                return await RememberAsync(ticket, told with { Model = hit.Model, Cache = told.Cache with { Age = hit.Age } });
            }

            if (request.CacheOnly)
            {
                throw new RunRefusedException(ProblemCodes.NotCached);
            }

            ticket = ticket with { Bounds = await driver.ReserveAsync(agent, handle, stopping) };
            var outcome = await driver.StartAsync(ticket, handle, stopping);
            return await RememberAsync(ticket, await answers.KeepAsync(ticket, outcome));
        }
        catch
        {
            _loading = null;
            throw;
        }
    }

    private async Task<RunOutcome> RememberAsync(RunTicket ticket, RunOutcome outcome)
    {
        if (outcome.Status == RunStatus.OutcomeUnknown || (outcome.HandedOver is not null && ticket.Request.Context is null))
        {
            // What the next turn hears of it stands in the journal, as does what was brought to a run that was taken over.
            _loading = null;
        }
        else if (outcome.Answer is { } answer && _loading is { IsCompletedSuccessfully: true } loaded)
        {
            var conversation = await loaded;
            conversation.Add(new ConversationTurn(ticket.Turn!.Value, ticket.Request.Question, answer)
            {
                Brought = ticket.Request.Context?.Messages is { Count: > 0 } brought ? brought : null,
                HandedOver = outcome.HandedOver,
                Untrusted = outcome.Untrusted,
            });
            if (_summing.IsCompleted)
            {
                // Nobody waits for it: the next turn sees the summary that is there by then.
                _summing = SumUpAsync(ticket, conversation);
            }
        }

        return outcome;
    }

    private async Task SumUpAsync(RunTicket ticket, Conversation conversation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        _stopSumming = stop;
        await summaries.RefreshAsync(ticket.Request.TenantId, ticket.Request.SessionId!, ticket.Agent, conversation, stop.Token);
        _stopSumming = null;
    }

    /// <summary>The conversation as far as it is finished. What stands open, or was left open by a process that is gone, is hosted here.</summary>
    private async Task<Conversation> ConversationAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var loading = _loading ??= LoadAsync(request.TenantId, request.SessionId!);
        try
        {
            return await loading.WaitAsync(cancellationToken);
        }
        catch when (loading.IsFaulted && _loading == loading)
        {
            _loading = null;
            throw;
        }
    }

    private async Task<Conversation> LoadAsync(string tenantId, string sessionId)
    {
        var snapshot = await store.LoadAsync(tenantId, sessionId, options.Value.HistoryWindow, CancellationToken.None);
        foreach (var open in snapshot.Open)
        {
            HostOpen(RequestOf(tenantId, sessionId, open), open.Turn);
        }

        return new Conversation(
            snapshot.Turns.Select(turn => new ConversationTurn(turn.Turn, turn.Question, turn.Answer) { Brought = turn.Brought, HandedOver = turn.HandedOver, Untrusted = turn.Untrusted }),
            snapshot.NextTurn,
            options.Value.HistoryWindow,
            snapshot.LastRunId)
        {
            Summary = snapshot.Summary,
            BeganUntrusted = snapshot.Untrusted,
        };
    }

    private static RunRequest RequestOf(string tenantId, string sessionId, OpenTurn open) => new()
    {
        RunId = open.RunId,
        TenantId = tenantId,
        SessionId = sessionId,
        Agent = open.Agent,
        Question = open.Question,
        Background = open.Background,
        Timeout = OrphanScanner.WakeSeconds,
        Attach = true,
    };

    /// <summary>Even a run that is to be stopped waits for nobody: it is stopped without the floor.</summary>
    private async Task<IDisposable?> TakeFloorAsync(RunHandle handle, int turn, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(handle.Cut, stopping);
        try
        {
            return await TakeFloorAsync(either.Token, turn);
        }
        catch (OperationCanceledException) when (handle.IsCut && !stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<IDisposable> TakeFloorAsync(CancellationToken cancellationToken, int? turn = null)
    {
        metrics.QueueEntered();
        try
        {
            return await _floor.TakeAsync(turn, cancellationToken);
        }
        finally
        {
            metrics.QueueLeft();
        }
    }

    /// <exception cref="RunRefusedException">It is to follow a turn that is not the last any more.</exception>
    private static int Begin(Conversation conversation, RunRequest request) => request.After is { } after && after != conversation.LastRunId
        ? throw new RunRefusedException(ProblemCodes.SessionMovedOn)
        : conversation.Begin(request.RunId);

    private AgentDefinition Agent(RunRequest request) =>
        agents.Find(request.Agent) ?? throw new RunRefusedException(ProblemCodes.AgentNotFound);

    private IReadOnlyList<ConversationTurn> HistoryOf(Conversation conversation, RunStarted started) =>
        started.Queued && agents.Find(started.Agent) is { } agent
            ? conversation.Before(started.Turn!.Value).For(agent.ContextTokens)
            : conversation.SeenBy(started);

    private static RunOutcome NotBegun(RunHandle handle) => new()
    {
        RunId = handle.Request.RunId,
        Status = handle.IsCut ? RunStatus.Cancelled : RunStatus.TimedOut,
        Agent = handle.Request.Agent,
        AgentVersion = "",
        SessionId = handle.Request.SessionId,
        Usage = Usage.None,
        Reason = handle.IsCut ? null : FailureReason.Timeout,
        Message = handle.IsCut ? "The run was stopped before its turn came." : "The session's earlier messages took all of this one's time.",
        Cache = new CacheDecision { Decision = "no_answer" },
    };
}
