using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Sessions;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Core.ChatModels;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static AgentPlatform.Tests.Executor.Runs.RunScript;

namespace AgentPlatform.Tests.Executor.Sessions;

[Collection(QueryTests.Name)]
public sealed class SessionSummaryTests(QueryFixture fixture)
{
    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>Four turns of a hundred characters fit.</summary>
    private static AgentDefinition Keeper { get; } = Agent() with { Summary = true, ContextTokens = 100 };

    [Fact]
    public async Task Turns_that_no_longer_fit_are_summed_up_kept_and_shown_from_then_on()
    {
        await using var server = (await FakeModelServer.StartAsync(Ending)).Next(FakeReply.Answer("They count sheep."), FakeReply.Answer("They count many sheep."));
        await using var model = await ModelHost.StartAsync(server);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 5));
        var conversation = Talk(5);

        var first = await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, conversation, Ending);

        Assert.Equal(new ConversationSummary("They count sheep.", 3), first);
        Assert.Equal("They count sheep.", conversation.SummaryFor(Keeper));
        Assert.Equal(first, (await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 10, Ending)).Summary);
        Assert.Null(await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, conversation, Ending));

        for (var turn = 6; turn <= 8; turn++)
        {
            conversation.Add(Turn(turn));
        }

        var second = await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, conversation, Ending);

        Assert.Equal(new ConversationSummary("They count many sheep.", 6), second);
        var asked = server.Requests[1].Body.ToString();
        Assert.Contains("They count sheep.", asked, StringComparison.Ordinal);
        Assert.Contains("question 4", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("question 3 ", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_for_while_all_fits_or_the_agent_does_not_want_it()
    {
        await using var server = await FakeModelServer.StartAsync(Ending);
        await using var model = await ModelHost.StartAsync(server);

        Assert.Null(await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, Talk(4), Ending));
        Assert.Null(await Summaries(model).RefreshAsync(_tenant, "talk", Keeper with { Summary = false }, Talk(9), Ending));
        Assert.Equal(0, server.Count);
    }

    [Fact]
    public async Task A_model_that_fails_or_says_nothing_leaves_the_conversation_as_it_was()
    {
        await using var server = (await FakeModelServer.StartAsync(Ending)).Next(FakeReply.ContentFilter(), FakeReply.Answer("  "));
        await using var model = await ModelHost.StartAsync(server);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 5));
        var conversation = Talk(5);

        Assert.Null(await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, conversation, Ending));
        Assert.Null(await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, conversation, Ending));
        Assert.Null(conversation.SummaryFor(Keeper));
    }

    [Fact]
    public async Task A_summary_is_cut_to_its_length_and_not_stored_in_a_session_that_is_gone()
    {
        await using var server = (await FakeModelServer.StartAsync(Ending)).Next(FakeReply.Answer(new string('s', 5_000)), FakeReply.Answer("late"));
        await using var model = await ModelHost.StartAsync(server);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 5));

        Assert.Equal(SessionSummary.MaxLength, (await Summaries(model).RefreshAsync(_tenant, "talk", Keeper, Talk(5), Ending))!.Text.Length);
        Assert.Null(await Summaries(model).RefreshAsync(_tenant, "gone", Keeper, Talk(5), Ending));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_summary_that_is_late_does_not_get_into_a_session_that_was_removed_and_begun_anew(bool stopped)
    {
        var held = new TaskCompletionSource();
        await using var server = (await FakeModelServer.StartAsync(Ending)).Next(FakeReply.Answer("They count sheep.") with { HeldBack = held.Task });
        await using var model = await ModelHost.StartAsync(server);
        await _host.StoreAsync(Rows.Session(_tenant, "talk", turns: 5));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var refreshing = Summaries(model).RefreshAsync(_tenant, "talk", Keeper, Talk(5), stop.Token);
        await server.WaitForRequestsAsync(1, TimeSpan.FromSeconds(30), Ending);

        if (stopped)
        {
            await stop.CancelAsync();
        }
        else
        {
            await using var anew = _host.Connections.CreateCommand($"UPDATE sessions SET created_at = created_at + interval '1 ms' WHERE tenant_id = '{_tenant}'");
            await anew.ExecuteNonQueryAsync(Ending);
            held.SetResult();
        }

        Assert.Null(await refreshing);
        held.TrySetResult();
        Assert.Null((await _host.Get<SessionStore>().LoadAsync(_tenant, "talk", 10, Ending)).Summary);
    }

    [Fact]
    public void An_answer_under_a_summary_is_kept_apart()
    {
        var turns = new[] { ("a", "b") };
        string[] digests = [HistoryDigest.Of([]), HistoryDigest.Of(turns), HistoryDigest.Of(turns, "c"), HistoryDigest.Of([], "c"), HistoryDigest.Of([("a", "b"), ("c", "")])];
        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    private SessionSummary Summaries(ModelHost model) =>
        new(model.Catalogue, model.Caller, _host.Get<ApplicationDataSource>(), TimeProvider.System, NullLogger<SessionSummary>.Instance);

    private static Conversation Talk(int turns) => new(Enumerable.Range(1, turns).Select(Turn), turns + 1, window: 50);

    private static ConversationTurn Turn(int turn) => new(turn, $"question {turn} ".PadRight(50, '.'), new string('a', 50));
}
