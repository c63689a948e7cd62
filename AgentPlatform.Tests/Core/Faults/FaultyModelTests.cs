using System.ClientModel;
using AgentPlatform.Core.ChatModels;
using AgentPlatform.Core.Faults;
using AgentPlatform.Tests.Core.ChatModels;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Core.Faults;

/// <summary>Faults made just before the wire, of an endpoint and of the built-in model: both must look alike from above.</summary>
public sealed class FaultyModelTests : IAsyncLifetime
{
    private static readonly (string, string?) Development = ("environment", "Development");
    private static readonly List<ChatMessage> Question = [new(ChatRole.User, "Hello there")];

    private FakeModelServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static TheoryData<string, ModelErrorKind, int> Failures => new()
    {
        { "model=429", ModelErrorKind.RateLimited, 3 },
        { "model=500", ModelErrorKind.ServerError, 3 },
        { "model=content_filter", ModelErrorKind.ContentFilter, 1 },
        { "model=context_overflow", ModelErrorKind.ContextOverflow, 1 },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task Each_fault_is_classified_and_retried_as_if_the_endpoint_had_sent_it(string fault, ModelErrorKind kind, int attempts)
    {
        foreach (var builtin in new[] { false, true })
        {
            foreach (var streaming in new[] { false, true })
            {
                await using var models = await StartAsync(builtin);

                var error = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(models, fault, streaming));

                Assert.Equal((kind, attempts), (error.Failure.Kind, error.Attempts));
            }
        }

        Assert.Equal(0, _server.Count);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_single_500_is_tried_again(bool builtin)
    {
        await using var models = await StartAsync(builtin);

        Assert.Equal(2, (await CallAsync(models, "model=500*1", streaming: false)).Attempts);
        Assert.Equal(2, (await CallAsync(models, "model=500*1", streaming: true)).Attempts);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stream_that_breaks_off_fails_at_once_and_a_whole_reply_is_tried_again(bool builtin)
    {
        await using var models = await StartAsync(builtin);
        var seen = "";

        var broken = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(models, "model=truncated_stream", streaming: true, piece => seen += piece));

        Assert.Equal((1, "This answer breaks off in the "), (broken.Attempts, seen));
        Assert.Equal(2, (await CallAsync(models, "model=truncated_stream*1", streaming: false)).Attempts);
    }

    [Theory]
    [InlineData(false, "model=stall", false)]
    [InlineData(true, "model=stall", true)]
    [InlineData(false, "model=stalled_stream", true)]
    [InlineData(true, "model=stalled_stream", true)]
    [InlineData(true, "model=stalled_stream", false)]
    public async Task A_stall_lasts_until_the_caller_gives_up(bool builtin, string fault, bool streaming)
    {
        await using var models = await StartAsync(builtin);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallAsync(models, fault, streaming, cancellationToken: patience.Token));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Arguments_that_are_no_JSON_come_as_they_are_and_only_where_there_are_tools(bool streaming)
    {
        await using var models = await StartAsync(builtin: true);

        var call = Assert.Single((await CallAsync(models, "model=malformed_arguments", streaming, tools: true)).ToolCalls);
        var without = await CallAsync(models, "model=malformed_arguments", streaming);

        Assert.Equal(("calculator", """{"expression": "1 +"""), (call.Name, call.ArgumentsJson));
        Assert.Empty(without.ToolCalls);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_large_output_arrives_whole(bool streaming)
    {
        await using var models = await StartAsync(builtin: true);

        Assert.Equal(256 * 1024, (await CallAsync(models, "model=large_output", streaming)).Text.Length);
    }

    [Fact]
    public async Task Without_a_question_that_asks_for_them_nothing_goes_wrong()
    {
        await using var models = await StartAsync(builtin: true);
        Assert.Equal(1, (await CallAsync(models, fault: null, streaming: false)).Attempts);
    }

    [Fact]
    public async Task A_reply_that_a_filter_cut_is_a_refusal()
    {
        _server.Next(FakeReply.Answer("What is left of") with { FinishReason = "content_filter" });
        await using var models = await StartAsync(builtin: false);

        var refused = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(models, fault: null, streaming: true));

        Assert.Equal((ModelErrorKind.ContentFilter, false), (refused.Failure.Kind, refused.Failure.IsTransient));
    }

    [Fact]
    public async Task The_built_in_model_fails_as_often_as_it_is_told_and_the_same_way_each_time()
    {
        var first = await OutcomesAsync();

        Assert.Equal(first, await OutcomesAsync());
        Assert.InRange(first.Count(outcome => outcome == "failed"), 10, 30);

        async Task<List<string>> OutcomesAsync()
        {
            await using var models = await ModelHost.StartAsync(
                Development, ("Models:Default:Provider", "builtin"), ("Models:Default:Faults:FailRate", "0.5"), ("Models:Default:Faults:Seed", "7"));
            var outcomes = new List<string>();
            for (var i = 0; i < 40; i++)
            {
                try
                {
                    await models.Default.Client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);
                    outcomes.Add("ok");
                }
                catch (ClientResultException)
                {
                    outcomes.Add("failed");
                }
            }

            return outcomes;
        }
    }

    [Theory]
    [InlineData("Development", "builtin", "FailRate", "1.5", "between 0 and 1")]
    [InlineData("Development", "builtin", "Status", "404", "429 or 500")]
    [InlineData("Development", "builtin", "Latency", "1.00:00:00", "Latency")]
    [InlineData("Development", "openai", "Stall", "0.5", "X-Fault")]
    [InlineData("Production", "builtin", "Stall", "0.5", "Development only")]
    public async Task Settings_of_faults_are_checked_at_the_start(string environment, string provider, string setting, string value, string says)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ModelHost.StartAsync(
            ("environment", environment), ("Models:Default:Provider", provider), ("Models:Default:ApiKey", "key"), ("Models:Default:Model", "m"),
            ($"Models:Default:Faults:{setting}", value)));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private Task<ModelHost> StartAsync(bool builtin) => builtin
        ? ModelHost.StartAsync(Development, ("Models:Default:Provider", "builtin"))
        : ModelHost.StartAsync(Development, ("OPENAI_BASE_URL", _server.BaseUrl), ("OPENAI_MODEL", "fake-model"));

    private static async Task<ModelReply> CallAsync(
        ModelHost models, string? fault, bool streaming, Action<string>? onDelta = null, bool tools = false, CancellationToken? cancellationToken = null)
    {
        if (fault is not null)
        {
            Assert.True(FaultPlan.TryParse(fault, out var plan, out var mistake), mistake);
            FaultScope.Enter(new ActiveFaults(plan.Faults, FaultPoint.Model));
        }

        var options = new ChatOptions { Tools = tools ? [TestTools.Calculator] : null };
        return await models.Caller.CallAsync(
            models.Default,
            Question,
            options,
            streaming ? HandOut : null,
            cancellationToken ?? TestContext.Current.CancellationToken);

        ValueTask HandOut(string piece)
        {
            onDelta?.Invoke(piece);
            return ValueTask.CompletedTask;
        }
    }
}
