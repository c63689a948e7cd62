using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Activations;

public sealed class BrokenOwnerTests(PostgresFixture postgres)
{
    /// <summary>Its id holds a character that jsonb refuses.</summary>
    private const string Unstorable = """
        {"id":"1","object":"chat.completion","created":1,"model":"a\u0000b",
         "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hi"}}],
         "usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_breaks_after_it_was_taken_over_is_not_ended_by_its_old_owner()
    {
        using var takenOver = new ManualResetEventSlim();
        await using var executors = await TwoExecutors.StartAsync(postgres, Cancellation);
        var asked = 0;
        executors.Model.Always(_ =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                return FakeReply.Answer("done");
            }

            takenOver.Wait(Cancellation);
            return FakeReply.Raw(Unstorable);
        });

        var question = TwoExecutors.Question("who ends it?", null);
        var answer = executors.AskAsync(question, 0, Cancellation);
        await Until.TrueAsync(
            async () => await executors.QueryAsync<Guid>($"SELECT run_id FROM run_events WHERE run_id = '{question.RunId}'", Cancellation) is [_] && asked > 0,
            "the run has begun",
            Cancellation);
        await executors.QueryAsync<int>(
            $$"""
            WITH taken AS (UPDATE runs SET epoch = 2, owner = gen_random_uuid() WHERE run_id = '{{question.RunId}}' RETURNING tenant_id, run_id)
            INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events)
            SELECT tenant_id, run_id, 2, 2, gen_random_uuid(),
                   '[{"type": "run_resumed", "seq": 2, "at": "2026-11-22T12:00:00Z", "epoch": 2, "executor": "another"}]'
            FROM taken
            RETURNING 1
            """,
            Cancellation);
        takenOver.Set();

        var outcome = await answer;
        Assert.Equal((RunStatus.Completed, "done"), (outcome.Status, outcome.Answer));
    }
}
