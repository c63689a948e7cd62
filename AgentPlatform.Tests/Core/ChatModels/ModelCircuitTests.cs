using AgentPlatform.Core.ChatModels;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.Tests.Api;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

/// <summary>An endpoint that keeps failing is left alone, a model has no more calls than room, and neither is waited for in vain.</summary>
public sealed class ModelCircuitTests : IAsyncLifetime
{
    private static readonly List<ChatMessage> Question = [new(ChatRole.User, "Hello there")];

    private FakeModelServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await FakeModelServer.StartAsync(Cancellation);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_endpoint_that_keeps_failing_is_left_alone_until_one_call_succeeds()
    {
        await using var models = await StartAsync(("Circuits:MinimumCalls", "6"), ("Circuits:BreakFor", "00:00:01"));
        _server.Always(_ => FakeReply.ServerError());
        await FailAsync(models);
        await FailAsync(models);
        Assert.Equal(6, _server.Count);

        var refused = await FailAsync(models);

        // At once, without a request, and nothing that anybody would try again.
        Assert.Equal((ModelErrorKind.Unreachable, false, 0), (refused.Failure.Kind, refused.Failure.IsTransient, refused.Attempts));
        Assert.Equal(6, _server.Count);
        var open = Assert.Single(models.Board.Open);
        Assert.Equal((Hops.Model, new Uri(_server.BaseUrl).Authority, "open"), (open.Hop, open.Endpoint, open.State));

        _server.ClearScript();
        await Wait.UntilAsync(async () => await TryAsync(models), "the endpoint is asked again");
        Assert.Empty(models.Board.Open);
    }

    [Fact]
    public async Task A_call_that_breaks_the_circuit_is_not_tried_again()
    {
        await using var models = await StartAsync(("Circuits:MinimumCalls", "2"));
        _server.Always(_ => FakeReply.RateLimited(TimeSpan.Zero));

        var failed = await FailAsync(models);

        Assert.Equal((ModelErrorKind.Unreachable, 2, 2), (failed.Failure.Kind, failed.Attempts, _server.Count));
    }

    [Fact]
    public async Task Mistakes_of_the_caller_and_its_leaving_say_nothing_against_the_endpoint()
    {
        await using var models = await StartAsync(("Circuits:MinimumCalls", "2"));
        _server.Always(_ => FakeReply.ContextOverflow());
        await FailAsync(models);
        await FailAsync(models);
        _server.ClearScript();
        _server.Next(FakeReply.Stalls(FakeStall.BeforeHeaders), FakeReply.Stalls(FakeStall.BeforeHeaders));
        for (var call = 1; call <= 2; call++)
        {
            using var caller = new CancellationTokenSource();
            var asked = models.Caller.CallAsync(models.Default, Question, new ChatOptions(), onDelta: null, caller.Token);
            await _server.WaitForRequestsAsync(2 + call, TimeSpan.FromSeconds(10), Cancellation);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        Assert.True(await TryAsync(models));
        Assert.Empty(models.Board.Open);
    }

    [Fact]
    public async Task Models_at_one_endpoint_share_its_circuit()
    {
        await using var models = await StartAsync(
            ("Circuits:MinimumCalls", "3"), ("Models:second:Endpoint", _server.BaseUrl), ("Models:second:Model", "second-model"));
        _server.Always(_ => FakeReply.ServerError());
        await FailAsync(models);

        var refused = await Assert.ThrowsAsync<ModelCallException>(() =>
            models.Caller.CallAsync(models.Catalogue.Get("second"), Question, new ChatOptions(), onDelta: null, Cancellation));

        Assert.Equal((ModelErrorKind.Unreachable, 0, 3), (refused.Failure.Kind, refused.Attempts, _server.Count));
    }

    [Fact]
    public async Task A_model_without_room_fails_as_if_it_had_said_429()
    {
        await using var models = await StartAsync(("Models:Default:MaxConcurrent", "1"), ("Models:Default:MaxWait", "00:00:00.050"));
        var release = new TaskCompletionSource();
        _server.Next(FakeReply.Answer("First.") with { Hold = release.Task });
        var first = models.Caller.CallAsync(models.Default, Question, new ChatOptions(), _ => ValueTask.CompletedTask, Cancellation);
        await _server.WaitForRequestsAsync(1, TimeSpan.FromSeconds(10), Cancellation);

        var refused = await FailAsync(models);
        release.SetResult();

        Assert.Equal((ModelErrorKind.RateLimited, false, 0), (refused.Failure.Kind, refused.Failure.IsTransient, refused.Attempts));
        Assert.Equal("First.", (await first).Text);
        Assert.True(await TryAsync(models));
        Assert.Equal(2, _server.Count);
    }

    [Theory]
    [InlineData(FakeStall.BeforeHeaders, false)]
    [InlineData(FakeStall.BeforeHeaders, true)]
    [InlineData(FakeStall.MidStream, true)]
    public async Task A_silent_model_is_given_up_before_its_callers_deadline(FakeStall stall, bool streaming)
    {
        await using var models = await StartAsync(
            ("Models:Default:AttemptTimeout", "00:00:01"), ("Models:Default:StreamTimeout", "00:00:00.300"));
        _server.Next(FakeReply.Stalls(stall));

        var failed = await Assert.ThrowsAsync<ModelCallException>(() => models.Caller.CallAsync(
            models.Default, Question, new ChatOptions(), streaming ? _ => ValueTask.CompletedTask : null, Cancellation));

        Assert.Equal((ModelErrorKind.Timeout, 1), (failed.Failure.Kind, _server.Count));
    }

    [Fact]
    public async Task A_long_stream_is_not_cut_while_it_goes_on()
    {
        await using var models = await StartAsync(
            ("Models:Default:AttemptTimeout", "00:00:01"), ("Models:Default:StreamTimeout", "00:00:01"));
        var text = string.Join(' ', Enumerable.Repeat("word", 40));
        _server.Next(FakeReply.Answer(text).WithPieceDelay(TimeSpan.FromMilliseconds(60)));

        var reply = await models.Caller.CallAsync(models.Default, Question, new ChatOptions(), _ => ValueTask.CompletedTask, Cancellation);

        Assert.Equal(text, reply.Text);
        Assert.True(reply.Duration > TimeSpan.FromSeconds(1), $"It took {reply.Duration}: too short to prove anything.");
    }

    [Fact]
    public async Task No_pause_begins_that_would_outlast_the_deadline()
    {
        await using var models = await StartAsync();
        _server.Always(_ => FakeReply.RateLimited(TimeSpan.FromSeconds(5)));

        var failed = await Assert.ThrowsAsync<ModelCallException>(() => models.Caller.CallAsync(
            models.Default, Question, new ChatOptions(), onDelta: null, Cancellation, () => TimeSpan.FromSeconds(4)));

        Assert.Equal((ModelErrorKind.RateLimited, 1), (failed.Failure.Kind, failed.Attempts));
    }

    private Task<ModelHost> StartAsync(params (string, string?)[] settings) =>
        ModelHost.StartAsync([("OPENAI_BASE_URL", _server.BaseUrl), ("OPENAI_MODEL", "fake-model"), .. settings]);

    private static Task<ModelCallException> FailAsync(ModelHost models) => Assert.ThrowsAsync<ModelCallException>(() =>
        models.Caller.CallAsync(models.Default, Question, new ChatOptions(), onDelta: null, Cancellation));

    private static async Task<bool> TryAsync(ModelHost models)
    {
        try
        {
            await models.Caller.CallAsync(models.Default, Question, new ChatOptions(), onDelta: null, Cancellation);
            return true;
        }
        catch (ModelCallException)
        {
            return false;
        }
    }
}
