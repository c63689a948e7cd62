using System.Diagnostics;

namespace AgentPlatform.Executor.Journal;

/// <summary>
/// The span a run's trace shows for an append: from the call until it is durable. The commit itself serves many runs: Postgres' span
/// stands in the trace of the first of them, and the spans of the others link to it.
/// </summary>
internal static class JournalActivity
{
    private static readonly ActivitySource Source = new("AgentPlatform");

    public static Activity? Start(JournalAppend append)
    {
        var activity = Source.StartActivity("journal append");
        activity?.SetTag("agent.run_id", append.RunId);
        activity?.SetTag("agent.journal.first_seq", append.FirstSeq);
        return activity;
    }

    /// <summary>Makes the first traced append of a batch the parent of what its commit does, and links the others to it.</summary>
    /// <returns>The parent for <see cref="Activity.Current"/>, or null when nobody listens.</returns>
    public static Activity? ShareCommit(List<PendingAppend> batch)
    {
        Activity? first = null;
        foreach (var pending in batch)
        {
            if (pending.Activity is not { } activity)
            {
                continue;
            }

            activity.SetTag("agent.journal.batch_rows", batch.Count);
            if (first is null)
            {
                first = activity;
            }
            else
            {
                activity.AddLink(new ActivityLink(first.Context));
            }
        }

        return first;
    }
}
