using System.Diagnostics;
using System.Text.Json;
using AgentPlatform.ServiceDefaults.Telemetry;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// Puts what follows into the run's trace: the span of the run, in the trace of the request that asked for it (a run that is
/// taken over goes on in the same one), and its id on every log line.
/// </summary>
internal sealed class RunTrace : IDisposable
{
    private readonly Activity? _activity;
    private readonly IDisposable? _scope;

    private RunTrace(Activity? activity, IDisposable? scope)
    {
        _activity = activity;
        _scope = scope;
    }

    /// <summary>The run's start must be staged or stored.</summary>
    public static RunTrace Enter(LiveRun run, ILogger logger)
    {
        var started = run.State.Started!;
        _ = ActivityContext.TryParse(started.TraceParent, null, isRemote: true, out var parent);
        var activity = AgentActivity.StartInvokeAgent(started.Agent, run.Identity.RunId.ToString(), started.SessionId, parent: parent)
            ?? Unexported(started.TraceParent);
        return new RunTrace(activity, logger.BeginScope((KeyValuePair<string, object>[])[new("RunId", run.Identity.RunId)]));
    }

    /// <summary>Marks the span of a run that gave no answer.</summary>
    public void Ended(RunState state)
    {
        if (_activity is not null && RunOutcomes.ReasonOf(state) is { } reason)
        {
            _activity.Failed(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()));
        }
    }

    public void Dispose()
    {
        _scope?.Dispose();
        _activity?.Dispose();
    }

    /// <summary>Nobody collects traces: log lines still name the trace of the request.</summary>
    private static Activity? Unexported(string? traceParent) =>
        traceParent is null ? null : new Activity(AgentActivity.InvokeAgent).SetParentId(traceParent).Start();
}
