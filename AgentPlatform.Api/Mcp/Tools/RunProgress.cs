using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp.Tools;

/// <summary>What happens in a run, as short sentences for the person who waits. They are counted; how many come nobody knows before.</summary>
internal sealed class RunProgress(McpServer server, ProgressToken token, TimeProvider timeProvider) : ILiveAnswer
{
    /// <summary>While a reply is being written, that is said so often: some clients give up on a server that is silent.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private Guid _runId;
    private FrameId _last;
    private int _count;
    private long? _writingSaid;

    public FrameId PositionIn(Guid runId) => runId == _runId ? _last : FrameId.Start;

    public void Announce(CacheHeaders? cache)
    {
        // Only headers could tell.
    }

    public async ValueTask ShowAsync(Guid runId, RunFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Id is not { } id)
        {
            return;
        }

        (_runId, _last) = (runId, id);
        var sentence = frame.Delta is null ? Sentence(frame) : Writing();
        if (sentence is not null)
        {
            await server.NotifyProgressAsync(
                token, new ProgressNotificationValue { Progress = ++_count, Message = sentence }, cancellationToken: cancellationToken);
        }
    }

    private string? Writing()
    {
        if (_writingSaid is { } said && timeProvider.GetElapsedTime(said) < Pace)
        {
            return null;
        }

        _writingSaid = timeProvider.GetTimestamp();
        return "The reply is being written.";
    }

    private static string? Sentence(RunFrame frame) => frame switch
    {
        { Discarded: not null } => "The reply broke off and is written again.",
        { Event: RunStarted { Queued: true } } => "The question waits for its turn.",
        { Event: RunStarted started } => $"{started.Agent} begins.",
        { Event: RunResumed { FromQueue: true } } => "It is the question's turn.",
        { Event: RunResumed } => "The run goes on at another executor.",
        { Event: ModelReplied { ToolCalls: { Count: > 0 } calls } } => $"Calling {string.Join(", ", calls.Select(call => call.Tool).Distinct())}.",
        { Event: ToolReturned { Error: null } returned } => $"{returned.Tool} answered.",
        { Event: ToolReturned failed } => $"{failed.Tool} failed.",
        { Event: ApprovalRequested wanted } => $"{wanted.Tool} waits for a person's decision.",
        _ => null,
    };
}
