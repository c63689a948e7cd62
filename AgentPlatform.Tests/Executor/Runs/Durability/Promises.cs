using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>What must hold of a played episode, and of it beside the same run undisturbed. Each broken promise is a sentence.</summary>
internal static class Promises
{
    public static IEnumerable<string> BrokenBy(Episode played, Episode undisturbed)
    {
        var state = RunState.Fold(played.Journal.Events);
        var expected = RunState.Fold(undisturbed.Journal.Events);
        return
        [
            .. BrokenBy(played),
            .. Beyond("the model saw", played.Ledger.Transcripts, undisturbed.Ledger.Transcripts),
            .. Beyond("effect", played.Ledger.Effects.Select(effect => $"{effect}"), undisturbed.Ledger.Effects.Select(effect => $"{effect}")),
            .. Beyond("reply", state.Replies.Select(Verdict.Reply), expected.Replies.Select(Verdict.Reply)),
            .. Beyond("result", Results(state), Results(expected)),
            .. Compared(played, state, undisturbed, expected),
        ];
    }

    /// <summary>What holds of every episode by itself.</summary>
    public static IEnumerable<string> BrokenBy(Episode played)
    {
        foreach (var violation in played.Ledger.Violations)
        {
            yield return violation;
        }

        var events = played.Journal.Events;
        var state = RunState.Empty;
        foreach (var next in events)
        {
            // A gap or an event after the end throws here.
            state = state.Apply(next);
            played.Rules.Next(state);
        }

        if (state.Ending is null || played.Journal.End?.Status != Word(state.Status))
        {
            yield return $"the run stands at {state.Status} and its row says {played.Journal.End?.Status ?? "open"}";
        }

        var epochs = played.Journal.Rows.Select(row => row.Epoch).ToList();
        if (!epochs.SequenceEqual(epochs.Order()))
        {
            yield return $"rows of an older epoch stand behind those of a newer one: {string.Join(", ", epochs)}";
        }

        if (events.OfType<RunResumed>().FirstOrDefault(resumed => !epochs.Contains(resumed.Epoch)) is { } elsewhere)
        {
            yield return $"the run was taken up in epoch {elsewhere.Epoch}, and no row is of it: {string.Join(", ", epochs)}";
        }

        foreach (var call in state.Calls)
        {
            var effects = played.Ledger.Effects.Where(effect => effect.CallId == call.Call.CallId).ToList();
            if (events.OfType<ToolReturned>().Count(returned => returned.CallId == call.Call.CallId) != 1)
            {
                yield return $"{call.Call} has not exactly one result";
            }

            if (effects.Select(effect => effect.Key).Distinct().Count() > 1)
            {
                yield return $"{call.Call} has several keys";
            }

            if (effects.Exists(effect => effect.Effect == ToolEffect.Write) && effects.Count > 1)
            {
                yield return $"{call.Call} was written {effects.Count} times";
            }

            if (effects.Count > 0 && call.Denied)
            {
                yield return $"{call.Call} was denied and made";
            }
        }
    }

    /// <summary>Some process took the run up while a write stood begun without a result.</summary>
    public static bool WriteWasInterrupted(Episode played)
    {
        var state = RunState.Empty;
        foreach (var next in played.Journal.Events)
        {
            if (next is RunResumed && state.PendingCalls.Any(call => call.Effect == ToolEffect.Write))
            {
                return true;
            }

            state = state.Apply(next);
        }

        return false;
    }

    /// <summary>The wall clock ended while a write was at work.</summary>
    public static bool WriteWasCut(Episode played, RunState state) =>
        HasTimeUp(played) && state.Calls.Any(call => call is { Effect: ToolEffect.Write, Result.Synthetic: true });

    private static bool HasTimeUp(Episode played) => played.Scenario.Faults.Any(fault => fault.Kind == FaultKind.TimeUp);

    private static IEnumerable<string> Results(RunState state) =>
        state.Calls.Where(call => call.Result is { Synthetic: false }).Select(Verdict.Call);

    private static IEnumerable<string> Compared(Episode played, RunState state, Episode undisturbed, RunState expected)
    {
        if (WriteWasInterrupted(played) || WriteWasCut(played, state))
        {
            return state.Status == RunStatus.OutcomeUnknown ? [] : [$"a write was interrupted, and the run ended {state.Status}"];
        }

        if (state.Status == RunStatus.TimedOut && HasTimeUp(played))
        {
            return [];
        }

        return
        [
            .. Beyond("expected", Verdict.Of(expected), Verdict.Of(state)),
            .. Beyond("instead", Verdict.Of(state), Verdict.Of(expected)),
            .. Beyond("the model should have seen", undisturbed.Ledger.Transcripts, played.Ledger.Transcripts),
            .. Beyond("missing effect", undisturbed.Ledger.Effects.Select(effect => $"{effect}"), played.Ledger.Effects.Select(effect => $"{effect}")),
        ];
    }

    private static IEnumerable<string> Beyond(string label, IEnumerable<string> lines, IEnumerable<string> known) =>
        lines.Except(known).Select(line => $"{label}: {line}");

    private static string Word(RunStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}
