using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Activations;

/// <summary>One session, and one run, activated in two processes at the same time: the journal decides, and nobody loses anything.</summary>
public sealed class TwoActivationsTests(PostgresFixture postgres, ITestOutputHelper output)
{
    /// <summary>Events in order without a gap, one start, one end, and it is the last.</summary>
    private const string BrokenRuns = """
        SELECT r.run_id
        FROM runs r
        LEFT JOIN LATERAL (
            SELECT e ->> 'type' AS type, (e ->> 'seq')::bigint AS seq
            FROM run_events v, jsonb_array_elements(v.events) e
            WHERE v.tenant_id = r.tenant_id AND v.run_id = r.run_id) e ON true
        GROUP BY r.run_id, r.finished_at
        HAVING r.finished_at IS NULL
            OR array_agg(e.seq ORDER BY e.seq) <> ARRAY(SELECT generate_series(1, count(e.seq)))
            OR count(*) FILTER (WHERE e.type = 'run_started') <> 1
            OR count(*) FILTER (WHERE e.type = 'run_completed') <> 1
            OR max(e.seq) FILTER (WHERE e.type = 'run_completed') <> max(e.seq)
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Questions_to_both_activations_of_one_session_each_get_a_turn_without_a_gap()
    {
        await using var executors = await TwoExecutors.StartAsync(postgres, Cancellation);
        executors.Model.Always(request => FakeReply.Answer($"The answer to {request.LastUserText}.").After(TimeSpan.FromMilliseconds(10 * (request.Number % 4))));
        var questions = Enumerable.Range(1, 40).Select(number => TwoExecutors.Question($"question {number}", "shared")).ToList();

        var outcomes = await Task.WhenAll(questions.Select((question, index) => executors.AskAsync(question, index % 2, Cancellation)));
        output.WriteLine($"Asked again: {executors.Retries}");

        Assert.All(outcomes.Zip(questions), pair => Assert.Equal((RunStatus.Completed, Answer(pair.Second)), (pair.First.Status, pair.First.Answer)));
        Assert.Equal(
            Enumerable.Range(1, questions.Count),
            await executors.QueryAsync<int>("SELECT turn FROM runs WHERE session_id = 'shared' ORDER BY turn", Cancellation));
        Assert.Equal(
            questions.Select(question => question.RunId).Order(),
            (await executors.QueryAsync<Guid>("SELECT run_id FROM runs WHERE session_id = 'shared'", Cancellation)).Order());
        Assert.Equal([questions.Count], await executors.QueryAsync<int>("SELECT turns FROM sessions WHERE session_id = 'shared'", Cancellation));
        Assert.Empty(await executors.QueryAsync<Guid>(BrokenRuns, Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("own")]
    public async Task One_run_begun_by_both_is_one_sequence_of_events_and_both_are_told_the_same(string? session)
    {
        await using var executors = await TwoExecutors.StartAsync(postgres, Cancellation);
        var questions = Enumerable.Range(1, 8)
            .Select(number => TwoExecutors.Question($"What is {number} + 1?", session is null ? null : $"{session}{number}")).ToList();

        var told = await Task.WhenAll(questions.SelectMany(question => new[]
        {
            executors.AskAsync(question, 0, Cancellation),
            executors.AskAsync(question with { Attach = question.RunId.GetHashCode() % 2 == 0 }, 1, Cancellation),
        }));
        output.WriteLine($"Asked again: {executors.Retries}");

        Assert.All(told.GroupBy(outcome => outcome.RunId), run =>
        {
            Assert.All(run, outcome => Assert.Equal((RunStatus.Completed, 1), (outcome.Status, outcome.Iterations)));
            Assert.Single(run.Select(outcome => (outcome.Answer, outcome.Usage)).Distinct());
        });
        Assert.Equal(questions.Count, told.Select(outcome => outcome.RunId).Distinct().Count());
        Assert.Empty(await executors.QueryAsync<Guid>(BrokenRuns, Cancellation));
        Assert.Empty(await executors.QueryAsync<int>("SELECT turn FROM runs WHERE session_id IS NOT NULL AND turn <> 1", Cancellation));
    }

    private static string Answer(RunRequest question) => $"The answer to {question.Question}.";
}
