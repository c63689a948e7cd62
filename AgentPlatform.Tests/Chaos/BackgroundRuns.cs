using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Tests.EndToEnd;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>Background runs of a test: started together, waited for together.</summary>
internal static class BackgroundRuns
{
    public static async Task<AcceptedRun> StartRunAsync(this ChaosStack chaos, string agent, string question, string? session)
    {
        // As clients do: under one key, and again when told to come back.
        var key = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        StackReply? reply = null;
        await Eventually.TrueAsync(
            async () =>
            {
                reply = await chaos.Stack.SendAsync(
                    HttpMethod.Post, "/runs", JsonContent.Create(new { question, agent, session_id = session, timeout = 300 }), ("Idempotency-Key", key));
                Assert.True(reply.Status is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable, $"{reply.Status} {reply.Body}");
                return reply.Status == HttpStatusCode.Accepted;
            },
            () => $"{reply?.Body}");
        return new AcceptedRun(reply!.RunId!, agent, reply["status"].GetString()!);
    }

    /// <summary>The runs with the status they ended in; fails when one is still open after the deadline, or is not known.</summary>
    public static async Task<IReadOnlyList<AcceptedRun>> AllEndedAsync(this ChaosStack chaos, IEnumerable<AcceptedRun> accepted, TimeSpan deadline)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var ended = new List<AcceptedRun>();
        foreach (var run in accepted)
        {
            StackReply? reply = null;
            await Eventually.TrueAsync(
                async () => (reply = await chaos.Stack.GetAsync($"/runs/{run.Id}")) is { Status: HttpStatusCode.OK }
                    && reply["status"].GetString() is not ("queued" or "running"),
                () => $"{ended.Count} have ended, then comes {reply?.Body}{Environment.NewLine}{chaos.Stack.Output}",
                deadline - TimeProvider.System.GetElapsedTime(begun));
            ended.Add(run with { Status = reply!["status"].GetString()! });
        }

        return ended;
    }
}
