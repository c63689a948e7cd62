using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary>Replies and results of a run, one by one.</summary>
internal static class RunSteps
{
    public static IReadOnlyList<ExplainedStep> Of(IReadOnlyList<RunEvent> events, RunState state)
    {
        var steps = new List<ExplainedStep>();
        foreach (var next in events)
        {
            switch (next)
            {
                case ModelReplied reply:
                    steps.Add(Model(reply));
                    break;
                case ToolReturned returned:
                    steps.Add(Tool(returned, events, state));
                    break;
            }
        }

        return steps;
    }

    private static ExplainedStep Model(ModelReplied reply) => new()
    {
        Kind = "model",
        Name = reply.Model,
        Seq = reply.Seq,
        Ms = reply.DurationMs,
        Attempts = reply.Requests,
        Usage = reply.Usage,
    };

    private static ExplainedStep Tool(ToolReturned returned, IReadOnlyList<RunEvent> events, RunState state) => new()
    {
        Kind = "tool",
        Name = returned.Tool,
        Seq = returned.Seq,
        Ms = returned.DurationMs,
        Attempts = Begun(returned, events),
        CallId = returned.CallId,
        Effect = state.Calls.FirstOrDefault(call => call.Call.CallId == returned.CallId)?.Effect,
        Error = returned.Error is { } error ? JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()) : null,
    };

    /// <summary>Once by its intent, and again by each executor that took the run over before there was a result. A result of our own tells that it was not begun again.</summary>
    private static int Begun(ToolReturned returned, IReadOnlyList<RunEvent> events)
    {
        var begun = events.OfType<ToolStarted>().FirstOrDefault(started => started.CallId == returned.CallId);
        if (begun is null)
        {
            return 0;
        }

        return returned.Synthetic
            ? 1
            : 1 + events.OfType<RunResumed>().Count(resumed => resumed.Seq > begun.Seq && resumed.Seq < returned.Seq && resumed is { FromQueue: false, FromWait: false });
    }
}
