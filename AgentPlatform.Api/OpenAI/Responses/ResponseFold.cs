using System.Text;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>
/// A response as the fold of its run's frames, and the events that each frame is in its stream.
/// </summary>
/// <remarks>
/// Why a number means the same event for ever:
/// 1. An event's number is the count of events before it, and which events a frame is depends on the frames before it alone. So equal frames give equal numbers.
/// 2. Frames that come out of the journal are a function of it (<see cref="FrameWriter"/>): deltas are cut as they were, attempts that were discarded are there too, and a journal
/// only grows at its end. What the ladder told is kept with the position that its caller had been shown, and takes the place of everything behind it.
/// 3. A frame shown before its event is durable is the same frame, if that event is ever stored: the lengths it keeps are those of the pieces that were sent. If it is not,
/// because its executor died, the next event does not account for the pieces (<see cref="FrameCheck"/>), and the stream ends here as failed: nothing that has a
/// number of its own comes after pieces that do not count, and there is no way to take text back.
/// A text whose attempt was given up while its executor lived stands in the journal; its item ends <c>incomplete</c>, is no part of the response's output, and the next attempt is another item.
/// </remarks>
internal sealed class ResponseFold(Guid runId)
{
    public const string ServerError = "server_error";
    private const string Length = "length";
    private const string ContentFilter = "content_filter";

    private readonly FrameCheck _check = new();
    private readonly StringBuilder _text = new();
    private List<ResponseEvent> _events = [];
    private ResponseBody? _body;
    private int _number;
    private int _items;
    private bool _writing;
    private OutputMessage? _last;
    private Usage _usage = Usage.None;
    private ModelReplied? _reply;
    private string? _fallback;
    private bool _takenOver;

    /// <summary>How a stream ends whose client was shown what does not count.</summary>
    public static ResponseError Void { get; } = new(
        ServerError, "The executor that wrote this reply was lost, and what was shown of it does not count. Retrieve the response to see how it goes on.");

    /// <summary>The response as it stands; null before its run began.</summary>
    public ResponseBody? Body => _body;

    /// <summary>Where the stream stands in the run.</summary>
    public FrameId Position { get; private set; }

    /// <summary>How the run ended without an answer; the stream ends with <see cref="End"/> or <see cref="Tell"/>.</summary>
    public RunEvent? Ending { get; private set; }

    /// <summary>A text has begun and not ended.</summary>
    public bool IsWriting => _writing;

    /// <summary>The last event has been given.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The stream could not go on because of pieces that do not count; the run does.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The response of a run that tells of it in another way than by frames, or not at all.</summary>
    public IReadOnlyList<ResponseEvent> Begin(ResponseBody body)
    {
        _events = [];
        _body = body;
        Add(ResponseEvent.Created, body);
        Add(body.Status == ResponseStatuses.Queued ? ResponseEvent.Queued : ResponseEvent.InProgress, body);
        return _events;
    }

    /// <summary>The events that the next frame of the run is.</summary>
    public IReadOnlyList<ResponseEvent> Apply(RunFrame frame)
    {
        _events = [];
        if (frame.Id is not { } id || IsOver || Ending is not null)
        {
            return _events;
        }

        Position = id;
        if (!_check.Next(frame))
        {
            IsBroken = true;
            Close(ResponseStatuses.Incomplete);
            Finish(ResponseStatuses.Failed, ResponseEvent.Failed, at: null, Void);
            return _events;
        }

        switch (frame)
        {
            case { Delta: { } delta }:
                Write(delta.Text);
                break;
            case { Discarded: not null }:
                Close(ResponseStatuses.Incomplete);
                break;
            case { Event: RunStarted started } when _body is null:
                Begin(ResponseBodies.Of(runId, started));
                break;
            case { Event: RunResumed { FromQueue: true } }:
                _body = _body! with { Status = ResponseStatuses.InProgress };
                Add(ResponseEvent.InProgress, _body);
                break;
            case { Event: RunResumed { FromWait: false } }:
                _takenOver = true;
                break;
            case { Event: ModelReplied reply }:
                Close(ResponseStatuses.Completed);
                (_reply, _usage) = (reply, _usage.Plus(reply.Usage));
                _fallback = reply.FallbackModel ?? _fallback;
                break;
            case { Event: RunCompleted completed }:
                Complete(completed);
                break;
            case { Event: RunFailed or RunTimedOut or RunCancelled }:
                Ending = frame.Event;
                break;
        }

        return _events;
    }

    /// <summary>The end of a run that has no answer.</summary>
    public IReadOnlyList<ResponseEvent> End()
    {
        _events = [];
        switch (Ending)
        {
            case RunCancelled cancelled:
                Finish(ResponseStatuses.Cancelled, ResponseEvent.Failed, cancelled.At);
                break;
            case RunFailed failed:
                Finish(ResponseStatuses.Failed, ResponseEvent.Failed, failed.At, new ResponseError(ServerError, failed.Message, failed.Reason));
                break;
            case RunTimedOut late:
                Finish(ResponseStatuses.Failed, ResponseEvent.Failed, late.At, new ResponseError(ServerError, "The run's time was up.", FailureReason.Timeout));
                break;
        }

        return _events;
    }

    /// <summary>The end with another answer than the run's own.</summary>
    public IReadOnlyList<ResponseEvent> Tell(string answer, ResponseDegraded? degraded, ResponseCache cache, long inputTokens, long outputTokens, DateTimeOffset at, IReadOnlyList<ToolCall>? calls = null)
    {
        _events = [];
        Close(ResponseStatuses.Incomplete);
        _usage = new Usage(inputTokens, outputTokens, null, false);
        Say(answer, calls);
        _body = _body! with { Degraded = degraded, Cache = cache, Store = _body.Store && degraded is not { Recorded: false } };
        Finish(ResponseStatuses.Completed, ResponseEvent.Completed, at);
        return _events;
    }

    /// <summary>The end of a stream that has no answer to give, and no run to tell of either.</summary>
    public IReadOnlyList<ResponseEvent> Fail(ResponseError error)
    {
        _events = [];
        Close(ResponseStatuses.Incomplete);
        Finish(ResponseStatuses.Failed, ResponseEvent.Failed, at: null, error);
        return _events;
    }

    private void Complete(RunCompleted completed)
    {
        Say(completed.Answer, completed.HandedOver);
        _body = _body! with
        {
            Degraded = Degradation(completed),
            Cache = new ResponseCache(completed.SourceRunId is not null, completed.SourceRunId),
        };
        var cut = completed.Limit is not null ? null : _reply?.FinishReason switch
        {
            Length => "max_output_tokens",
            ContentFilter => ContentFilter,
            _ => null,
        };
        if (cut is null)
        {
            Finish(ResponseStatuses.Completed, ResponseEvent.Completed, completed.At);
        }
        else
        {
            _body = _body with { IncompleteDetails = new IncompleteDetails(cut) };
            Finish(ResponseStatuses.Incomplete, ResponseEvent.Incomplete, at: null);
        }
    }

    private ResponseDegraded? Degradation(RunCompleted completed) =>
        completed.SourceRunId is not null ? null
        : completed.Limit is not null ? new(DegradationLevel.Partial, FailureReason.Limit)
        : _fallback is not null ? new(DegradationLevel.FallbackModel, FailureReason.ModelError)
        : _takenOver ? new(DegradationLevel.Retried, FailureReason.ExecutorUnavailable)
        : null;

    /// <summary>The answer: what the last item said, or an item of its own, and the calls it ends with.</summary>
    private void Say(string answer, IReadOnlyList<ToolCall>? calls)
    {
        if (answer.Length > 0 && _last?.Content[0].Text != answer)
        {
            Write(answer);
            Close(ResponseStatuses.Completed);
        }

        IEnumerable<OutputItem> text = _last is not null && answer.Length > 0 ? [_last] : [];
        _body = _body! with { Output = [.. text, .. (calls ?? []).Select(HandOver)] };
    }

    private OutputCall HandOver(ToolCall call)
    {
        var index = _items++;
        var item = new OutputCall
        {
            Id = ResponseIds.Call(runId, index),
            Status = ResponseStatuses.Completed,
            CallId = call.CallId,
            Name = call.Tool,
            Arguments = call.Arguments,
        };
        Add(new ResponseEvent(ResponseEvent.ItemAdded, _number) { OutputIndex = index, Item = item with { Status = ResponseStatuses.InProgress, Arguments = "" } });
        Add(new ResponseEvent(ResponseEvent.CallDelta, _number) { ItemId = item.Id, OutputIndex = index, Delta = call.Arguments });
        Add(new ResponseEvent(ResponseEvent.CallDone, _number) { ItemId = item.Id, OutputIndex = index, Name = call.Tool, Arguments = call.Arguments });
        Add(new ResponseEvent(ResponseEvent.ItemDone, _number) { OutputIndex = index, Item = item });
        return item;
    }

    private void Write(string text)
    {
        var id = ResponseIds.Message(runId, _items);
        if (!_writing)
        {
            _writing = true;
            Add(new ResponseEvent(ResponseEvent.ItemAdded, _number) { OutputIndex = _items, Item = new OutputMessage { Id = id, Status = ResponseStatuses.InProgress } });
            Add(InItem(ResponseEvent.PartAdded) with { Part = new OutputText("") });
        }

        _text.Append(text);
        Add(InItem(ResponseEvent.TextDelta) with { Delta = text, Logprobs = [] });
    }

    /// <summary>The item being written, if there is one, is at its end.</summary>
    private void Close(string status)
    {
        if (!_writing)
        {
            return;
        }

        var text = _text.ToString();
        var part = new OutputText(text);
        var item = new OutputMessage { Id = ResponseIds.Message(runId, _items), Status = status, Content = [part] };
        Add(InItem(ResponseEvent.TextDone) with { Text = text, Logprobs = [] });
        Add(InItem(ResponseEvent.PartDone) with { Part = part });
        Add(new ResponseEvent(ResponseEvent.ItemDone, _number) { OutputIndex = _items, Item = item });
        _last = status == ResponseStatuses.Completed ? item : null;
        _writing = false;
        _text.Clear();
        _items++;
    }

    private void Finish(string status, string type, DateTimeOffset? at, ResponseError? error = null)
    {
        _body = _body! with
        {
            Status = status,
            Error = error,
            CompletedAt = status == ResponseStatuses.Completed ? at?.ToUnixTimeSeconds() : null,
            Usage = ResponseUsage.Of(_usage.InputTokens, _usage.OutputTokens),
        };
        IsOver = true;
        Add(type, _body);
    }

    private ResponseEvent InItem(string type) => new(type, _number) { ItemId = ResponseIds.Message(runId, _items), OutputIndex = _items, ContentIndex = 0 };

    private void Add(string type, ResponseBody body) => Add(new ResponseEvent(type, _number) { Response = body });

    private void Add(ResponseEvent next)
    {
        _events.Add(next);
        _number++;
    }
}
