using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Outages;

/// <summary>
/// One dependency at a time hangs or is gone: what callers see meanwhile, and that everything is as before when it is back. The table in
/// <c>docs/operations.md</c> says the same in words.
/// </summary>
public sealed class DependencyMatrixTests(OutageStack outage) : IClassFixture<OutageStack>
{
    private const double Timeout = 2;
    private const string Answered = "You said: ";

    /// <summary>The ladder has 3 s after the timeout; the rest is for a machine that does much else.</summary>
    private static readonly TimeSpan LatestAnswer = TimeSpan.FromSeconds(Timeout + 3 + 2);

    private readonly RunningStack _stack = outage.Stack;

    [Theory]
    [InlineData(Loss.Hangs)]
    [InlineData(Loss.Gone)]
    public async Task Without_the_cache_everything_goes_on_as_before_but_uncached(Loss loss)
    {
        await KnowAsync();

        Asked asked;
        await using (await outage.LoseAsync(loss, "cache"))
        {
            asked = await Asked.InEveryWayAsync(_stack, timeout: 20);
        }

        Assert.All(asked.Answers, reply => IsInFull(reply));
        Assert.All(asked.Answers, reply => Assert.False(reply.Cached));
        Assert.Equal("unavailable", asked.Fresh["cache"].GetProperty("decision").GetString());
        Assert.Equal(HttpStatusCode.Accepted, asked.Background.Status);
        await KnowAsync();
    }

    [Theory]
    [InlineData(Loss.Hangs)]
    [InlineData(Loss.Gone)]
    public async Task Without_the_database_there_are_cached_answers_or_the_model_alone_and_accepted_runs_finish_afterwards(Loss loss)
    {
        await KnowAsync();
        var accepted = await AcceptSlowRunAsync();

        Asked asked;
        await using (await outage.LoseAsync(loss, "postgres"))
        {
            asked = await Asked.InEveryWayAsync(_stack, Timeout);
            outage.Think();
        }

        IsStandIn(asked, "direct", recorded: false, "database_unavailable", "timeout");
        Assert.True(asked.Strict.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, asked.Strict.Body.ToString());
        IsToldToComeBack(asked);
        await IsInFullAgainAsync();
        await HasCompletedAsync(accepted);
    }

    [Theory]
    [InlineData(Loss.Hangs, "timeout", HttpStatusCode.GatewayTimeout)]
    [InlineData(Loss.Gone, "model_error", HttpStatusCode.BadGateway)]
    public async Task Without_the_model_there_are_cached_answers_or_the_fixed_sentence_unless_another_model_can(Loss loss, string reason, HttpStatusCode strict)
    {
        await KnowAsync();

        Asked asked;
        StackReply backed;
        await using (await outage.LoseModelAsync(loss))
        {
            var other = _stack.AskAsync(Asked.New("with another model"), agent: OutageStack.Backed, timeout: Timeout);
            asked = await Asked.InEveryWayAsync(_stack, Timeout);
            backed = await other;
        }

        IsStandIn(asked, "default", recorded: true, reason);
        Assert.Equal(strict, asked.Strict.Status);
        Assert.Equal(HttpStatusCode.Accepted, asked.Background.Status);
        if (loss == Loss.Gone)
        {
            Assert.Equal(("The spare one says so.", "fallback_model/model_error", "spare-model"), (backed.Answer, backed.Degraded, backed["model"].GetString()));
        }

        await IsInFullAgainAsync();
    }

    [Theory]
    [InlineData(Loss.Hangs)]
    [InlineData(Loss.Gone)]
    public async Task Without_any_executor_there_are_cached_answers_or_the_model_alone_and_accepted_runs_finish_afterwards(Loss loss)
    {
        await KnowAsync();
        var accepted = await AcceptSlowRunAsync();

        Asked asked;
        await using (await outage.LoseAsync(loss, outage.Executors))
        {
            asked = await Asked.InEveryWayAsync(_stack, Timeout);
            outage.Think();
        }

        IsStandIn(asked, "direct", recorded: false, "executor_unavailable", "timeout");
        Assert.Equal(["stale", "direct"], asked.Fresh["degraded"].GetProperty("tried").EnumerateArray().Select(tried => tried.GetProperty("rung").GetString()).Where(rung => rung != "reattach"));
        Assert.True(asked.Strict.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, asked.Strict.Body.ToString());
        IsToldToComeBack(asked);
        await IsInFullAgainAsync();
        await HasCompletedAsync(accepted);
    }

    [Theory]
    [InlineData(Loss.Hangs)]
    [InlineData(Loss.Gone)]
    public async Task Without_one_of_several_executors_all_are_answered_in_full_and_its_runs_finish_elsewhere(Loss loss)
    {
        await KnowAsync();
        outage.Ponder();
        var question = OutageStack.Slow + Asked.New("of somebody who waits");
        var waiting = _stack.AskAsync(question, timeout: 120);
        await outage.ModelWasAskedAsync(question);

        Asked asked;
        StackReply moved;
        await using (await outage.LoseAsync(loss, await outage.WorkerAsync()))
        {
            outage.Think();
            asked = await Asked.InEveryWayAsync(_stack, timeout: 60);
            moved = await waiting;
        }

        Assert.True(asked.Known.Cached);
        Assert.All(asked.Answers, reply => IsInFull(reply, "retried/executor_unavailable"));
        Assert.Equal((Answered + question, "retried/executor_unavailable"), (moved.Answer, moved.Degraded));
        Assert.Contains((await RunAsync(moved.RunId!))["steps"].EnumerateArray(), step => step.GetProperty("type").ValueEquals("run_resumed"));
        await IsInFullAgainAsync();
    }

    /// <summary>The known question is answered from the cache, and will be.</summary>
    private async Task KnowAsync()
    {
        await outage.IsCompleteAsync();
        StackReply? reply = null;
        await Eventually.TrueAsync(async () => (reply = await _stack.AskAsync(Asked.KnownQuestion)) is { Degraded: null, Cached: true }, () => $"{reply?.Body}{Environment.NewLine}{_stack.Output}");
    }

    /// <summary>A background run that has begun and waits for its model.</summary>
    private async Task<string> AcceptSlowRunAsync()
    {
        outage.Ponder();
        var question = OutageStack.Slow + Asked.New("of the outage");
        var accepted = await _stack.SendAsync(HttpMethod.Post, "/runs", JsonContent.Create(new { question, timeout = 300 }));
        Assert.True(accepted.Status == HttpStatusCode.Accepted, accepted.Body.ToString());
        await outage.ModelWasAskedAsync(question);
        return accepted.RunId!;
    }

    private Task<StackReply> RunAsync(string runId) => _stack.GetAsync($"/runs/{runId}");

    private async Task HasCompletedAsync(string runId)
    {
        StackReply? run = null;
        await Eventually.TrueAsync(
            async () => (run = await RunAsync(runId)) is { Status: HttpStatusCode.OK } && run["status"].GetString() == "completed",
            () => $"{run?.Body}{Environment.NewLine}{_stack.Output}",
            TimeSpan.FromSeconds(60));
    }

    private async Task IsInFullAgainAsync()
    {
        // Several, so that some are hosted by each executor: the next outage is to find them all well.
        StackReply[] replies = [];
        var sessions = Enumerable.Range(0, 6).Select(_ => Asked.New("again").Replace(' ', '-')).ToArray();
        await Eventually.TrueAsync(
            async () => (replies = await Task.WhenAll(sessions.Select(session => _stack.AskAsync(Asked.New("afterwards"), session: session)))).All(reply => reply.Degraded is null),
            () => $"{string.Join(Environment.NewLine, replies.Select(reply => reply.Body))}{Environment.NewLine}{_stack.Output}",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>What is cached is a hit like any; everything else is in time, and labelled.</summary>
    private static void IsStandIn(Asked asked, string level, bool recorded, params string[] reasons)
    {
        Assert.Equal((true, null), (asked.Known.Cached, asked.Known.Degraded));
        Assert.All(asked.Answers, reply => Assert.True(reply.Took < LatestAnswer, $"{reply.Took}: {reply.Body}"));
        StackReply[] standIns = [asked.Fresh, asked.InSession, asked.Streamed];
        Assert.All(standIns, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.All(standIns, reply => Assert.Contains(reply.Degraded, reasons.Select(reason => $"{level}/{reason}")));
        Assert.All(standIns, reply => Assert.False(reply.Cached));
        Assert.Equal(recorded, asked.InSession["degraded"].GetProperty("recorded").GetBoolean());
        Assert.Contains(asked.Strict["code"].GetString(), reasons);
    }

    private static void IsToldToComeBack(Asked asked)
    {
        Assert.True(asked.Background.Status == HttpStatusCode.ServiceUnavailable, asked.Background.Body.ToString());
        Assert.NotNull(asked.RetryAfter);
    }

    private static void IsInFull(StackReply reply, string? orLabelled = null)
    {
        Assert.True(reply.Status == HttpStatusCode.OK && (reply.Degraded is null || reply.Degraded == orLabelled), $"{reply.Status} {reply.Body}");
        Assert.StartsWith(Answered, reply.Answer, StringComparison.Ordinal);
    }
}
