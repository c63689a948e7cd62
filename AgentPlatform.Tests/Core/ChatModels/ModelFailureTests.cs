using System.Diagnostics;
using AgentPlatform.Core.ChatModels;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

public sealed class ModelFailureTests : IAsyncLifetime
{
    private static readonly List<ChatMessage> Question = [new(ChatRole.User, "Hello there")];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private FakeModelServer _server = null!;
    private ModelHost _models = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeModelServer.StartAsync(Cancellation);
        _models = await ModelHost.StartAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _models.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_error_that_repeats_our_key_is_an_exception_without_it()
    {
        await using var models = await ModelHost.StartAsync(("OPENAI_BASE_URL", _server.BaseUrl), ("OPENAI_MODEL", "fake-model"), ("OPENAI_API_KEY", "sk-canary-of-the-model"));
        _server.Always(request => FakeReply.Fail(401, "invalid_api_key", $"Incorrect API key provided: {request.Headers["Authorization"]}."));

        var exception = await Assert.ThrowsAsync<ModelCallException>(() => models.Caller.CallAsync(models.Default, Question, new ChatOptions(), null, Cancellation));

        Assert.Equal(ModelErrorKind.Unauthorized, exception.Failure.Kind);
        Assert.Contains("Incorrect API key provided: Bearer [redacted].", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, ModelErrorKind, int> Failures => new()
    {
        { "429", ModelErrorKind.RateLimited, 3 },
        { "quota", ModelErrorKind.RateLimited, 1 },
        { "500", ModelErrorKind.ServerError, 3 },
        { "408", ModelErrorKind.Timeout, 3 },
        { "401", ModelErrorKind.Unauthorized, 1 },
        { "404", ModelErrorKind.BadRequest, 1 },
        { "context", ModelErrorKind.ContextOverflow, 1 },
        { "filter", ModelErrorKind.ContentFilter, 1 },
        { "broken", ModelErrorKind.BadReply, 1 },
        { "empty", ModelErrorKind.BadReply, 1 },
        { "error in 200", ModelErrorKind.BadReply, 1 },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task Each_failure_has_its_kind_and_only_passing_ones_are_tried_again(string failure, ModelErrorKind kind, int attempts)
    {
        foreach (var streaming in new[] { false, true })
        {
            _server.ClearScript();
            _server.Always(_ => Scripted(failure));
            var before = _server.Count;

            var error = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(_models, streaming));

            Assert.Equal((kind, attempts, attempts), (error.Failure.Kind, error.Attempts, _server.Count - before));
            Assert.DoesNotContain("Scripted", error.Failure.Sentence, StringComparison.Ordinal);
            Assert.Equal(error.Failure, ModelErrors.Classify(error));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_passing_failure_is_tried_again_and_counted(bool streaming)
    {
        _server.Next(FakeReply.RateLimited(TimeSpan.Zero), FakeReply.ServerError(), FakeReply.Answer("At last."));

        var reply = await CallAsync(_models, streaming);

        Assert.Equal(("At last.", 3), (reply.Text, reply.Attempts));
    }

    [Fact]
    public async Task Retry_after_is_waited_for_and_other_pauses_are_short()
    {
        var time = new ImmediateTime();
        await using var models = await ModelHost.StartAsync(_server, time);
        _server.Next(FakeReply.RateLimited(TimeSpan.FromSeconds(7)), FakeReply.ServerError(), FakeReply.Answer("Now."));

        var reply = await CallAsync(models, streaming: false);

        Assert.Equal(("Now.", 3), (reply.Text, reply.Attempts));
        Assert.Equal(2, time.Pauses.Count);
        Assert.Equal(TimeSpan.FromSeconds(7), time.Pauses.First());
        Assert.InRange(time.Pauses.Last(), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_longer_wish_to_wait_fails_at_once_and_is_handed_on()
    {
        _server.Next(FakeReply.RateLimited(TimeSpan.FromMinutes(2)));

        var error = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(_models, streaming: false));

        Assert.Equal((1, TimeSpan.FromMinutes(2)), (error.Attempts, error.Failure.RetryAfter));
    }

    [Theory]
    [InlineData(FakeCut.Reset)]
    [InlineData(FakeCut.CleanEnd)]
    public async Task A_stream_that_breaks_after_the_first_delta_is_not_repeated(FakeCut cut)
    {
        var seen = new TaskCompletionSource();
        _server.Next(FakeReply.Truncated(cut) with { Hold = seen.Task }, FakeReply.Answer("Never asked for."));

        var error = await Assert.ThrowsAsync<ModelCallException>(() => _models.Caller.CallAsync(_models.Default, Question, new ChatOptions(), See, Cancellation));

        ValueTask See(string delta)
        {
            seen.TrySetResult();
            return ValueTask.CompletedTask;
        }

        Assert.Equal((1, 1), (error.Attempts, _server.Count));
        Assert.Equal(cut == FakeCut.Reset ? ModelErrorKind.Unreachable : ModelErrorKind.BadReply, error.Failure.Kind);
    }

    [Fact]
    public async Task A_plain_reply_that_breaks_off_is_asked_for_again()
    {
        _server.Next(FakeReply.Truncated(FakeCut.Reset), FakeReply.Answer("Whole."));

        Assert.Equal(("Whole.", 2), await CallAsync(_models, streaming: false) is var reply ? (reply.Text, reply.Attempts) : default);
    }

    [Theory]
    [InlineData(FakeStall.BeforeHeaders, false)]
    [InlineData(FakeStall.AfterHeaders, false)]
    [InlineData(FakeStall.BeforeHeaders, true)]
    [InlineData(FakeStall.AfterHeaders, true)]
    [InlineData(FakeStall.MidStream, true)]
    public async Task A_stalled_model_is_left_as_soon_as_the_caller_says(FakeStall stall, bool streaming)
    {
        _server.Next(FakeReply.Stalls(stall));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = CallAsync(_models, streaming, cancellationToken: deadline.Token);
        await _server.WaitForRequestsAsync(1, Patience, Cancellation);
        var started = Stopwatch.GetTimestamp();
        await deadline.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2));
        Assert.Equal(1, _server.Count);
    }

    [Fact]
    public async Task A_pause_before_a_retry_ends_with_the_callers_deadline()
    {
        await using var models = await ModelHost.StartAsync(_server, new FakeTimeProvider());
        _server.Next(FakeReply.RateLimited(TimeSpan.FromSeconds(9)));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = CallAsync(models, streaming: false, cancellationToken: deadline.Token);
        await _server.WaitForRequestsAsync(1, Patience, Cancellation);
        await deadline.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        var address = _server.BaseUrl;
        await _server.DisposeAsync();
        await using var models = await ModelHost.StartAsync(("OPENAI_BASE_URL", address), ("OPENAI_MODEL", "m"));

        var error = await Assert.ThrowsAsync<ModelCallException>(() => CallAsync(models, streaming: false));

        Assert.Equal((ModelErrorKind.Unreachable, 3), (error.Failure.Kind, error.Attempts));
    }

    [Fact]
    public async Task A_failing_receiver_of_deltas_is_no_model_failure()
    {
        _server.Next(FakeReply.Answer("One two three."));

        await Assert.ThrowsAsync<NotSupportedException>(() =>
            _models.Caller.CallAsync(_models.Default, Question, new ChatOptions(), _ => throw new NotSupportedException(), Cancellation));
        Assert.Equal(1, _server.Count);
    }

    private static FakeReply Scripted(string failure) => failure switch
    {
        "429" => FakeReply.RateLimited(TimeSpan.FromMilliseconds(1)),
        "quota" => FakeReply.QuotaUsedUp(),
        "context" => FakeReply.ContextOverflow(),
        "filter" => FakeReply.ContentFilter(),
        "broken" => FakeReply.BrokenJson(),
        "empty" => FakeReply.Raw(""),
        "error in 200" => FakeReply.Raw("""{"error":{"message":"Scripted"}}"""),
        _ => FakeReply.Fail(int.Parse(failure, null), "scripted", retryAfter: TimeSpan.FromMilliseconds(1)),
    };

    private static Task<ModelReply> CallAsync(ModelHost models, bool streaming, CancellationToken? cancellationToken = null) =>
        models.Caller.CallAsync(
            models.Default,
            Question,
            new ChatOptions(),
            streaming ? _ => ValueTask.CompletedTask : null,
            cancellationToken ?? Cancellation);
}
