using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Tests.Executor.Agents;
using AgentPlatform.Tests.Executor.Runs;
using AgentPlatform.Tests.Redis;
using CsCheck;
using StackExchange.Redis;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;
using Cache = AgentPlatform.Core.AnswerCache.AnswerCache;

namespace AgentPlatform.Tests.Api.Agent;

/// <summary>
/// Runs of all kinds, from the executor's rule to what lies in the store afterwards: only whole answers of the agent's own, without
/// effects that must not be repeated, are ever found there.
/// </summary>
public sealed class StoredAnswersTests(TestRedis redis) : RunPath(redis)
{
    private static readonly Gen<Call> GenCall = Gen.Select(
        Gen.Enum<ToolEffect>(), Gen.Frequency((4, Gen.Const((ToolErrorKind?)null)), (1, Gen.Enum<ToolErrorKind>().Select(kind => (ToolErrorKind?)kind))),
        (effect, error) => new Call(effect, error));

    private static readonly Gen<Case> GenCase = Gen.Select(
        GenCall.Array[0, 3],
        Gen.Frequency((4, Gen.Const("stop")), (1, Gen.OneOf("length", "content_filter"))),
        Gen.Frequency((4, Gen.Const(Ending.Completed)), (2, Gen.Enum<Ending>())),
        Gen.Frequency((6, Gen.Const(Flaw.None)), (3, Gen.Enum<Flaw>())),
        Gen.Bool,
        (calls, finish, ending, flaw, allowRead) => new Case(calls, finish, ending, flaw, allowRead));

    [Fact]
    public async Task Nothing_but_whole_answers_without_lasting_effects_is_ever_in_the_store()
    {
        var front = await FrontAsync(await ExecutorAsync());
        var (stored, kept) = (0, 0);
        await GenCase.SampleAsync(
            async one =>
            {
                var (isStored, decision) = await KeepAsync(front, one);
                Interlocked.Increment(ref kept);
                stored += isStored ? 1 : 0;
                Assert.True(isStored == one.MayBeStored && isStored == (decision == "stored"), $"{one}: {decision}, stored: {isStored}");
            },
            iter: 400,
            threads: 1);

        // The cases are worth something: some answers are stored, most are not.
        Assert.InRange(stored, kept / 50, kept / 2);
    }

    [Fact]
    public async Task A_session_keeps_by_the_same_rule()
    {
        await using var connection = await Redis.ConnectAsync();
        var front = await FrontAsync(await ExecutorAsync());
        var answers = new SessionAnswers(front.Get<Cache>(), AgentBench.Models, TimeProvider.System);
        await GenCase.SampleAsync(
            async one =>
            {
                var agent = RunScript.Agent() with { Model = "small", Cache = one.Policy };
                var run = Guid.CreateVersion7();
                var request = new RunRequest
                {
                    RunId = run,
                    TenantId = $"{run}",
                    Agent = agent.Name,
                    Question = "why?",
                    Timeout = 1,
                    SessionId = "s",
                    CacheWrite = one.Flaw != Flaw.NoStore,
                };
                var outcome = one.Outcome(run);
                await answers.KeepAsync(new RunTicket(request, agent, 1, []), outcome with
                {
                    AgentVersion = one.Flaw == Flaw.OtherVersion ? "v0" : agent.Version,
                    Agent = agent.Name,
                });

                // What an API saw break off, the session did not.
                Assert.True(await AnyAsync(connection, $"{run}", agent.Name) == (one.MayBeStored || one is { WouldBeStored: true, Flaw: Flaw.Interrupted }), $"{one}");
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task An_answer_that_its_caller_did_not_wait_for_is_not_stored()
    {
        var executor = await ExecutorAsync(run => run.WorkForeverAsync());
        var front = await FrontAsync(executor);
        await using var connection = await Redis.ConnectAsync();
        using var leaving = new CancellationTokenSource();
        var question = Question with { TenantId = $"{Guid.CreateVersion7()}" };

        var asked = front.AskAsync(question, leaving.Token);
        await Wait.UntilAsync(() => executor.Runs.Count == 1, "the run");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        Assert.False(await AnyAsync(connection, question.TenantId, "default"));
    }

    private static async Task<(bool Stored, string Decision)> KeepAsync(Front front, Case one)
    {
        var run = Guid.CreateVersion7();
        var question = new AgentQuestion { TenantId = $"{run}", Question = "why?", RunId = run, CacheWrite = one.Flaw != Flaw.NoStore };
        var agent = FakeRun.Agent() with { Cache = one.Policy };
        var asked = AskedQuestion.Of(question, agent, Deadline.In(TimeSpan.FromSeconds(30), TimeProvider.System), new FallbackOptions(), TimeProvider.System);
        var outcome = one.Outcome(run) with { AgentVersion = one.Flaw == Flaw.OtherVersion ? "v0" : agent.Version };
        var decision = await front.Get<AnswerKeeping>().KeepAsync(asked, new RunReply.Outcome(outcome) { Interrupted = one.Flaw == Flaw.Interrupted });
        return (await AnyAsync(front.Get<IConnectionMultiplexer>(), question.TenantId, agent.Name), decision);
    }

    /// <summary>Whether any answer of this agent lies in the store: read from the server, not from anybody's memory.</summary>
    private static async Task<bool> AnyAsync(IConnectionMultiplexer connection, string tenant, string agent)
    {
        var database = connection.GetDatabase();
        await foreach (var name in connection.GetServers().Single().KeysAsync(pattern: AnswerNames.Pattern(tenant, agent, null)))
        {
            if (CacheEntry.Read(await database.StringGetAsync(name)) is not null)
            {
                return true;
            }
        }

        return false;
    }

    internal enum Ending
    {
        Completed,
        Failed,
        TimedOut,
        Cancelled,
        OutcomeUnknown,
    }

    /// <summary>What else may be wrong with an answer.</summary>
    internal enum Flaw
    {
        None,
        Limit,
        FallbackModel,
        Interrupted,
        NoStore,
        Disabled,
        OtherVersion,
    }

    internal sealed record Call(ToolEffect Effect, ToolErrorKind? Error);

    internal sealed record Case(Call[] Calls, string Finish, Ending Ending, Flaw Flaw, bool AllowRead)
    {
        public AgentCachePolicy Policy => new() { Enabled = Flaw != Flaw.Disabled, AllowRead = AllowRead };

        public bool MayBeStored => Flaw == Flaw.None && WouldBeStored;

        /// <summary>By what the run itself was.</summary>
        public bool WouldBeStored => Ending == Ending.Completed && Finish == "stop" && Calls.All(call =>
            (call.Effect == ToolEffect.Pure || (call.Effect == ToolEffect.Read && AllowRead))
            && call.Error is null or ToolErrorKind.UnknownTool or ToolErrorKind.InvalidArguments or ToolErrorKind.Refused);

        public RunOutcome Outcome(Guid run)
        {
            var state = Fold([Started(), .. Events()]);
            var completed = state.Ending as RunCompleted;
            return new RunOutcome
            {
                RunId = run,
                Status = state.Status,
                Agent = "default",
                AgentVersion = FakeRun.Version,
                Answer = completed?.Answer,
                Model = state.LastReply?.Model,
                FallbackModel = state.LastReply?.FallbackModel,
                Usage = state.Usage,
                Limit = completed?.Limit,
                Reason = RunOutcomes.ReasonOf(state),
                Cache = CacheRule.Decide(state, Policy),
            };
        }

        public override string ToString() => $"{string.Join(", ", Calls.AsEnumerable())} {Finish} {Ending} {Flaw} {(AllowRead ? "read allowed" : "")}";

        private IEnumerable<RunEvent> Events()
        {
            var limit = Flaw == Flaw.Limit ? "max_iterations" : null;
            if (Calls.Length > 0)
            {
                yield return CallsWith([.. Calls.Select((_, n) => ($"c{n}", "t", "{}"))]);
            }

            foreach (var (n, call) in Calls.Index())
            {
                yield return Begins($"c{n}", "t", call.Effect);
                yield return Returns($"c{n}", "t", error: call.Error);
            }

            yield return Says("because", limit) with { FinishReason = Finish, FallbackModel = Flaw == Flaw.FallbackModel ? "second" : null };
            yield return Ending switch
            {
                Ending.Completed => new RunCompleted { Answer = "because", Limit = limit },
                Ending.Failed => new RunFailed { Reason = FailureReason.ModelError, Message = "No." },
                Ending.OutcomeUnknown => new RunFailed { Reason = FailureReason.OutcomeUnknown, Message = "Who knows." },
                Ending.TimedOut => new RunTimedOut(),
                _ => new RunCancelled { Cause = RunCancelled.Unwatched },
            };
        }
    }
}
