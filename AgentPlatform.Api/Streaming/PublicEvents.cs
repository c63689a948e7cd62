using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.Streaming;

/// <summary>The names of the events of a stream, and what of a run's frames goes out under them.</summary>
internal static class PublicEvents
{
    public const string Delta = "delta";
    public const string ReplyDiscarded = "reply_discarded";
    public const string Degraded = "degraded";
    public const string Error = "error";
    public const string Done = "done";

    /// <summary>Sends a frame; the ends of a run are no events of their own, because <c>done</c> or <c>error</c> tells all of them.</summary>
    public static Task SendAsync(EventStream stream, Guid runId, RunFrame frame, CancellationToken cancellationToken)
    {
        return frame switch
        {
            { Delta: { } delta } => Send(Delta, new DeltaData(delta.Text, delta.Offset, delta.Attempt)),
            { Discarded: { } discarded } => Send(ReplyDiscarded, new ReplyDiscardedData(discarded.Attempt)),
            { Event: RunStarted e } => Send("run_started", new RunStartedData(
                runId, e.Agent, e.AgentVersion, e.SessionId, e.Turn, e.Background, e.Queued, e.At)),
            { Event: RunResumed e } => Send("run_resumed", new RunResumedData(
                e.Executor, e.Epoch, e.FromQueue ? "queue" : e.FromWait ? "approval" : "interruption", e.At)),
            { Event: ModelReplied e } => Send("model_replied", new ModelRepliedData(
                e.Text, e.ToolCalls, e.Model, e.FallbackModel, AnswerUsage.Of(e.Usage), e.Attempt, e.DurationMs, e.FinishReason, e.Limit, e.At)),
            { Event: ToolStarted e } => Send("tool_started", new ToolStartedData(e.CallId, e.Tool, e.Effect, e.At)),
            { Event: ToolReturned e } => Send("tool_returned", new ToolReturnedData(
                e.CallId, e.Tool, e.Result, e.Error, e.Synthetic, e.Truncated, e.DurationMs, e.At)),
            { Event: ApprovalRequested e } => Send("approval_requested", new ApprovalRequestedData(
                e.CallId, e.Tool, e.Arguments, e.ExpiresAt, e.At)),
            { Event: ApprovalDecided e } => Send("approval_decided", new ApprovalDecidedData(e.CallId, e.Approved, e.Reason, e.By, e.At)),
            _ => Task.CompletedTask,
        };

        Task Send<T>(string name, T data) => stream.SendAsync(name, frame.Id, data, cancellationToken);
    }
}
