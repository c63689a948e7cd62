using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Executor.Runs.Explaining;

/// <summary>
/// What the time of a run went on. The stretch between an event and the one before it belongs to what the later event ended; of a reply or a
/// result so much of it as the call says to have taken, and the rest is overhead. So every moment counts once, and the parts add up.
/// </summary>
/// <param name="TotalMs">From acceptance to the end, or until now, with what was waited before.</param>
internal sealed record TimeSpent(TimeParts Parts, long TotalMs)
{
    /// <param name="state">The fold of the events.</param>
    public static TimeSpent Of(IReadOnlyList<RunEvent> events, RunState state, DateTimeOffset now)
    {
        var started = state.Started!;
        var spent = new Dictionary<Spending, TimeSpan>();
        var fold = RunState.Empty.Apply(events[0]);
        var cursor = started.At;
        var waits = started.Queued;
        for (var next = 1; next < events.Count;)
        {
            // Results that arrive together are one stretch: they came from calls side by side.
            var last = next;
            while (events[next] is ToolReturned && last + 1 < events.Count && events[last + 1] is ToolReturned)
            {
                last++;
            }

            var stretch = events.Skip(next).Take(last - next + 1).ToList();
            var end = Later(cursor, stretch[^1].At);
            var (on, time) = SpendingOf.Stretch(stretch, fold, waits, cursor, end);
            spent[on] = spent.GetValueOrDefault(on) + time;
            waits = waits && stretch[0] is not RunResumed { FromQueue: true };
            fold = stretch.Aggregate(fold, (known, one) => known.Apply(one));
            cursor = end;
            next = last + 1;
        }

        if (state.Ending is null)
        {
            var end = Later(cursor, now);
            var on = SpendingOf.Tail(fold, waits);
            spent[on] = spent.GetValueOrDefault(on) + (end - cursor);
            cursor = end;
        }

        return Sum(spent, (long)(cursor - started.At).TotalMilliseconds, started.WaitedMs);
    }

    /// <summary>Whole milliseconds, cut off, so that what is left over is never negative.</summary>
    private static TimeSpent Sum(Dictionary<Spending, TimeSpan> spent, long runMs, long waitedMs)
    {
        var (queue, model, tools) = (Ms(Spending.Queue), Ms(Spending.Model), Ms(Spending.Tools));
        var (approval, recovery) = (Ms(Spending.Approval), Ms(Spending.Recovery));
        var overhead = runMs - queue - model - tools - approval - recovery;
        return new TimeSpent(new TimeParts(queue + waitedMs, model, tools, approval, recovery, overhead), runMs + waitedMs);

        long Ms(Spending on) => (long)spent.GetValueOrDefault(on).TotalMilliseconds;
    }

    /// <summary>Clocks of executors differ: time never runs backwards here.</summary>
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
