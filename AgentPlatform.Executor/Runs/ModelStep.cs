using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Wire.Events;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Runs;

/// <summary>Asks the agent's model for the next reply; when it fails for good, the fallback models in their order.</summary>
internal sealed partial class ModelStep(ChatModelCatalogue models, ModelCaller caller, ILogger<ModelStep> logger)
{
    private const string LastCall =
        "A limit of this run is reached and no tool can be called any more. Answer now, as well as you can, from what is known so far; say plainly what is missing.";

    public async Task<ModelStepResult> ReplyAsync(LiveRun run, string? limit, CancellationToken cancellationToken)
    {
        var agent = run.Rules.Agent;
        var messages = Transcript.Of(run.State, run.Rules, run.History);
        if (limit is not null)
        {
            messages.Add(new ChatMessage(ChatRole.System, LastCall));
        }

        // Streaming costs more, so it is for those who watch.
        var watched = run.Feed.IsWatched;
        if (watched)
        {
            run.Feed.BeginReply();
        }

        ModelFailure? failure = null;
        foreach (var name in agent.FallbackModels.Prepend(agent.Model))
        {
            var model = models.Get(name);
            try
            {
                var reply = await caller.CallAsync(model, messages, ReplyOptions.For(run, limit), watched ? run.Feed.AddAsync : null, cancellationToken, () => run.Remaining);
                return new ModelStepResult.Replied(ToEvent(run, reply, limit, failure is null ? null : name));
            }
            catch (ModelCallException exception)
            {
                failure = exception.Failure;
                run.Feed.DiscardReply();
                LogModelFailed(logger, exception, run.Identity.RunId, agent.Name, name, failure.Kind);
            }
        }

        return new ModelStepResult.Failed(failure!.Sentence);
    }

    private static ModelReplied ToEvent(LiveRun run, ModelReply reply, string? limit, string? fallback)
    {
        var text = JournalText.Clean(reply.Text);
        var (lengths, discarded) = run.Feed.Finish(text);
        var calls = limit is null ? CallsOf(run.State, reply) : [];
        var handedOver = calls.Where(call => run.IsClientTool(call.Tool)).ToList();
        return new ModelReplied
        {
            Model = JournalText.Name(reply.ModelId),
            FallbackModel = fallback,
            Text = text,
            ToolCalls = handedOver.Count > 0 ? [.. calls.Except(handedOver)] : calls,
            HandedOver = handedOver.Count > 0 ? handedOver : null,
            DeltaLengths = lengths,
            Discarded = discarded,
            Usage = reply.Usage,
            Attempt = (discarded?.Count ?? 0) + 1,
            Requests = reply.Attempts,
            DurationMs = (long)reply.Duration.TotalMilliseconds,
            FinishReason = JournalText.Name(reply.FinishReason),
            Limit = limit,
        };
    }

    /// <summary>Models count call ids from the start in every reply; a run needs each of them once.</summary>
    private static List<ToolCall> CallsOf(RunState state, ModelReply reply)
    {
        var calls = new List<ToolCall>(reply.ToolCalls.Count);
        foreach (var call in reply.ToolCalls)
        {
            var id = JournalText.Clean(call.CallId);
            if (state.Calls.Any(known => known.Call.CallId == id) || calls.Any(known => known.CallId == id))
            {
                id = $"{id}_{state.Calls.Length + calls.Count + 1}";
            }

            calls.Add(new ToolCall(id, JournalText.Clean(call.Name), JournalText.Clean(call.ArgumentsJson)));
        }

        return calls;
    }

    [LoggerMessage(EventId = 1, EventName = "model_failed", Level = LogLevel.Warning, Message = "Run {RunId} of {Agent}: model {Model} failed ({Kind})")]
    private static partial void LogModelFailed(ILogger logger, Exception exception, Guid runId, string agent, string model, ModelErrorKind kind);
}
