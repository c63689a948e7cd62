using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>A response as executors keep it: the run's journal, and what the ladder told instead of the run.</summary>
internal sealed record StoredResponse(RunView View, ToldLabel? Told)
{
    public static StoredResponse Of(RunView view) => new(view, ToldLabel.Read(view.Told));

    /// <summary>A run that was asked for in another way is no response.</summary>
    public bool IsResponse => Started?.Echo is not null;

    public RunStarted? Started => View.Events is [RunStarted started, ..] ? started : null;

    /// <summary>Nothing more comes of it.</summary>
    public bool IsSettled => Told is not null || View.Run.Status.IsTerminal();

    /// <summary>What its stream is made of so far.</summary>
    public IEnumerable<RunFrame> Frames => FrameWriter.FramesOf(View.Events).TakeWhile(frame => Told is not { } told || frame.Id <= told.UpTo);

    /// <summary>
    /// Somebody waited for the run, which has no answer: the ladder may be about to tell another, or its word be on the way.
    /// </summary>
    public bool MayBeTold(DateTimeOffset now, TimeSpan within) =>
        Told is null && View is { Run: { Background: false, Status: RunStatus.Failed or RunStatus.TimedOut or RunStatus.OutcomeUnknown, FinishedAt: { } finished } }
        && now - finished < within;

    /// <summary>How it stands.</summary>
    /// <param name="mayBeTold">There may be another end than the run's own.</param>
    public ResponseBody ToBody(bool mayBeTold)
    {
        var fold = new ResponseFold(View.Run.RunId);
        foreach (var frame in Frames)
        {
            fold.Apply(frame);
        }

        Conclude(fold, mayBeTold);
        return View.Approvals.Count > 0 && !fold.IsOver ? fold.Body! with { Approvals = View.Approvals } : fold.Body!;
    }

    /// <summary>The last events, when nothing more comes of the run.</summary>
    public IReadOnlyList<ResponseEvent> Conclude(ResponseFold fold, bool mayBeTold) =>
        fold.IsOver ? []
        : Told is { } told
            ? fold.Tell(
                View.Run.Answer ?? "", new ResponseDegraded(told.Level, told.Reason, told.Tried, Recorded: true), new ResponseCache(told.SourceRunId is not null, told.SourceRunId),
                told.InputTokens, told.OutputTokens, told.At)
        : mayBeTold ? []
        : fold.End();
}
