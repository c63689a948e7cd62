using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;
using AgentPlatform.Executor.Leases;
using AgentPlatform.Executor.Tools;
using AgentPlatform.ServiceDefaults.Logging;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Drives one run to its end, one effect at a time:
/// <list type="number">
/// <item>ask the rules what comes next;</item>
/// <item>do that one thing;</item>
/// <item>stage what happened, and commit where the order of effect and record matters.</item>
/// </list>
/// What must be durable before it goes on: the start before any tool, an intent before its <c>idempotent</c> or
/// <c>write</c> call, the result of such a call before anything else, the end before anyone is told.
/// </summary>
internal sealed partial class AgentLoop(ModelStep model, ToolInvoker invoker, ExecutorLease lease, TimeProvider clock, ILogger<AgentLoop> logger)
{
    /// <summary>Returns when the run has ended, or waits for a person; everything is durable by then.</summary>
    /// <exception cref="RunLostException">Another writer has the run.</exception>
    /// <exception cref="OperationCanceledException">Cut short; what was staged is kept.</exception>
    public async Task RunAsync(LiveRun run, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (run.Rules.Next(run.State))
            {
                case NextAction.CallModel call:
                    await CallModelAsync(run, call.Limit, cancellationToken);
                    break;

                case NextAction.CallTools call:
                    await CallToolsAsync(run, call.Calls, cancellationToken);
                    break;

                case NextAction.AnswerCalls answer:
                    foreach (var result in answer.Results)
                    {
                        run.Stage(Synthetic(result));
                    }

                    break;

                case NextAction.AwaitApproval wait:
                    StageApprovals(run, wait.Calls);
                    await run.CommitAsync().WaitAsync(cancellationToken);
                    return;

                case NextAction.Complete complete:
                    run.Stage(new RunCompleted
                    {
                        Answer = complete.Answer,
                        Output = complete.Output.Output,
                        Iterations = run.State.Iterations,
                        HandedOver = complete.HandedOver,
                        Limit = complete.Limit,
                    });
                    break;

                case NextAction.GiveUp giveUp:
                    GiveUp(run, giveUp);
                    break;

                case NextAction.Stop:
                    await run.CommitAsync().WaitAsync(cancellationToken);
                    return;
            }
        }
    }

    /// <summary>Stages the end of a run that was cut short; open calls get their result first.</summary>
    public static void CutShort(LiveRun run, RunEvent ending)
    {
        if (run.State.Ending is not null)
        {
            return;
        }

        var unknown = run.State.PendingCalls.FirstOrDefault(call => call.Effect == ToolEffect.Write);
        AnswerOpenCalls(run);
        run.Stage(unknown is null ? ending : new RunFailed
        {
            Reason = FailureReason.OutcomeUnknown,
            Message = $"The run ended while '{unknown.Call.Tool}' was at work; whether it took effect is not known.",
        });
    }

    private async Task CallModelAsync(LiveRun run, string? limit, CancellationToken cancellationToken)
    {
        // The start, or the taking over, commits while the model thinks: nobody is told anything before both are done. Results of
        // calls that may be repeated ride with the reply instead: lost with the process, they are made again. Watchers see a reply only
        // behind everything that led to it.
        if (!run.HasOnlyResultsStaged || run.Feed.IsWatched)
        {
            _ = run.CommitAsync();
        }

        if (limit is not null)
        {
            LogLimit(run, limit);
        }

        switch (await model.ReplyAsync(run, limit, cancellationToken))
        {
            case ModelStepResult.Replied replied:
                run.Stage(replied.Reply);
                break;
            case ModelStepResult.Failed failed:
                GiveUp(run, new NextAction.GiveUp(FailureReason.ModelError, failed.Message));
                break;
        }
    }

    private async Task CallToolsAsync(LiveRun run, IReadOnlyList<PlannedCall> calls, CancellationToken cancellationToken)
    {
        foreach (var call in calls.Where(call => !call.Started))
        {
            run.Stage(new ToolStarted { CallId = call.Call.CallId, Tool = call.Call.Tool, Effect = call.Tool.Effect });
        }

        await run.CommitAsync().WaitAsync(cancellationToken);

        // A process whose lease is over may have been replaced: its effects are no longer its own to make.
        await lease.WaitUntilValidAsync(cancellationToken);
        if (lease.Epoch != run.Identity.LeaseEpoch)
        {
            throw new RunLostException(AppendResult.Fenced);
        }

        var results = calls.Count == 1
            ? [await InvokeAsync(run, calls[0], cancellationToken)]
            : await Task.WhenAll(calls.Select(call => InvokeAsync(run, call, cancellationToken)));

        foreach (var result in results)
        {
            run.Stage(result);
        }

        if (calls.Any(call => call.Tool.Effect is ToolEffect.Idempotent or ToolEffect.Write))
        {
            await run.CommitAsync().WaitAsync(cancellationToken);
        }
    }

    private async Task<ToolReturned> InvokeAsync(LiveRun run, PlannedCall planned, CancellationToken cancellationToken)
    {
        var context = new ToolCallContext(
            run.Identity.TenantId, run.Identity.RunId, planned.Call.CallId, run.Rules.Agent.Name, run.State.Started!.SessionId);
        var result = await invoker.InvokeAsync(planned.Tool, planned.Call.Arguments, context, cancellationToken);
        return new ToolReturned
        {
            CallId = planned.Call.CallId,
            Tool = planned.Call.Tool,
            Result = result.Text,
            Error = result.Error,
            Untrusted = planned.Tool.Untrusted,
            Truncated = result.Truncated,
            DurationMs = (long)result.Duration.TotalMilliseconds,
        };
    }

    private void StageApprovals(LiveRun run, IReadOnlyList<CallState> calls)
    {
        var expires = run.Rules.Agent.Approval.ExpiresSeconds is { } seconds ? clock.GetUtcNow().AddSeconds(seconds) : (DateTimeOffset?)null;
        foreach (var call in calls.Where(call => !call.ApprovalAsked))
        {
            run.Stage(new ApprovalRequested
            {
                CallId = call.Call.CallId,
                Tool = call.Call.Tool,
                Arguments = call.Call.Arguments,
                Cause = run.Rules.ApprovalCause(call.Call.Tool),
                ExpiresAt = expires,
            });
        }
    }

    private static void GiveUp(LiveRun run, NextAction.GiveUp giveUp)
    {
        AnswerOpenCalls(run);
        run.Stage(new RunFailed { Reason = giveUp.Reason, Message = giveUp.Message });
    }

    private static void AnswerOpenCalls(LiveRun run)
    {
        foreach (var call in run.State.PendingCalls.ToList())
        {
            run.Stage(Synthetic(new SyntheticResult(call.Call, ToolErrorKind.Interrupted, "The run ended before this call gave a result.")));
        }
    }

    private static ToolReturned Synthetic(SyntheticResult result) => new()
    {
        CallId = result.Call.CallId,
        Tool = result.Call.Tool,
        Result = result.Text,
        Error = result.Error,
        Synthetic = true,
    };

    private void LogLimit(LiveRun run, string limit)
    {
        if (limit == RunRules.MaxIterations)
        {
            LogMaxIterations(logger, run.Identity.RunId, run.Rules.Agent.Name, run.State.Iterations);
        }
        else
        {
            LogLimitReached(logger, run.Identity.RunId, run.Rules.Agent.Name, limit, run.State.Iterations);
        }
    }

    [LoggerMessage(EventId = 1, EventName = LogEvents.MaxIterationsReached, Level = LogLevel.Warning, Message = "Run {RunId} of {Agent} stops after {Iterations} iterations: one last call without tools")]
    private static partial void LogMaxIterations(ILogger logger, Guid runId, string agent, int iterations);

    [LoggerMessage(EventId = 2, EventName = "limit_reached", Level = LogLevel.Warning, Message = "Run {RunId} of {Agent} reached {Limit} after {Iterations} iterations: one last call without tools")]
    private static partial void LogLimitReached(ILogger logger, Guid runId, string agent, string limit, int iterations);
}
