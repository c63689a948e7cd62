using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Tests.Executor.Runs;
using CsCheck;

namespace AgentPlatform.Tests.Api.OpenAI.Responses;

/// <summary>Journals of runs as executors may leave them.</summary>
internal static class Journals
{
    /// <summary>Whole ones: a beginning, replies with and without calls, attempts given up, executors lost, and any end.</summary>
    public static Gen<RunEvent[]> Any { get; } = Gen.Select(Gen.Bool, Gen.OneOf(Round(), Lost()).Array[0, 5], End(), (queued, middle, end) =>
        Number([RunScript.Started() with { Queued = queued }, .. queued ? [Resumed with { FromQueue = true }] : Array.Empty<RunEvent>(), .. middle.SelectMany(events => events), .. end]));

    private static RunResumed Resumed => RunScript.Resumed;

    private static ToolCall Call => new("c", "theirs", "{}");

    private static Gen<string> Text => Gen.String[Gen.Char['a', 'e'], 1, 6];

    private static Gen<DiscardedAttempt> Discarded => Pieces.Select(pieces => new DiscardedAttempt(string.Concat(pieces), [.. pieces.Select(piece => piece.Length)]));

    private static Gen<IReadOnlyList<DiscardedAttempt>?> Discards => Discarded.Array[0, 2].Select(attempts => attempts.Length == 0 ? null : (IReadOnlyList<DiscardedAttempt>)attempts);

    private static Gen<string[]> Pieces => Text.Array[1, 4];

    /// <summary>A reply, watched or not, with a text before its call or without.</summary>
    private static Gen<RunEvent[]> Round() => Gen.Select(Text.Array[0, 3], Gen.Bool, Discards, (pieces, watched, discarded) => (RunEvent[])
    [
        RunScript.Calls(("a", "sum")) with { Text = string.Concat(pieces), DeltaLengths = Lengths(pieces, watched), Discarded = discarded },
        RunScript.Returns("a", "sum"),
    ]);

    private static Gen<RunEvent[]> Lost() => Gen.Bool.Select(waited => (RunEvent[])[Resumed with { FromWait = waited }]);

    private static Gen<RunEvent[]> End() => Gen.OneOf(
        Gen.Select(Pieces, Gen.Bool, Discards, (pieces, watched, discarded) => (RunEvent[])
        [
            RunScript.Says(string.Concat(pieces)) with { DeltaLengths = Lengths(pieces, watched), Discarded = discarded },
            new RunCompleted { Answer = string.Concat(pieces) },
        ]),
        Pieces.Select(pieces => (RunEvent[])
        [
            RunScript.Says(string.Concat(pieces)) with { HandedOver = [Call] },
            new RunCompleted { Answer = string.Concat(pieces), HandedOver = [Call] },
        ]),
        Text.Select(answer => (RunEvent[])[new RunCompleted { Answer = answer, SourceRunId = Guid.CreateVersion7(RunScript.Noon) }]),
        Discards.Select(discarded => (RunEvent[])[new RunTimedOut { Discarded = discarded }]),
        Discards.Select(discarded => (RunEvent[])[new RunCancelled { Cause = RunCancelled.Requested, Discarded = discarded }]),
        Gen.Const((RunEvent[])[new RunFailed { Reason = FailureReason.ModelError, Message = "No." }]));

    private static int[]? Lengths(string[] pieces, bool watched) => watched && pieces.Length > 0 ? [.. pieces.Select(piece => piece.Length)] : null;

    private static RunEvent[] Number(RunEvent[] events) =>
        [.. events.Select((one, index) => one with { Seq = index + 1, At = RunScript.Noon.AddSeconds(index) })];
}
