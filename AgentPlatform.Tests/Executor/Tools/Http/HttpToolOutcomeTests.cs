using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Http;

public sealed class HttpToolOutcomeTests : IAsyncLifetime
{
    private HttpToolBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await HttpToolBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("GET", 503, 500)]
    [InlineData("PUT", 500, 502)]
    [InlineData("DELETE", 429, 408)]
    public async Task What_may_be_repeated_is_repeated_under_one_key(string method, int first, int second)
    {
        _bench.AnswerWith(first, second, 200);
        await using var services = _bench.Tool(method, "/orders");

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal(("answer 3", null), (result.Text, result.Error));
        Assert.Equal(3, _bench.Received.Count);
        Assert.Equal(ToolBench.Call.IdempotencyKey, Assert.Single(_bench.Received.Select(received => received.Key).Distinct()));
    }

    [Fact]
    public async Task A_post_declared_idempotent_survives_broken_connections()
    {
        _bench.Answer = (context, number) =>
        {
            if (number == 3)
            {
                return context.Response.WriteAsync("paid");
            }

            context.Abort();
            return Task.CompletedTask;
        };
        await using var services = _bench.Tool("POST", "/pay", ("Effect", "idempotent"), ("Parameters:sum:Type", "number"));

        var result = await HttpToolBench.CallAsync(services, """{"sum":1.5}""");

        Assert.Equal(("paid", null), (result.Text, result.Error));
        Assert.Equal(3, _bench.Received.Count);
        Assert.Single(_bench.Received.Distinct());
    }

    [Fact]
    public async Task Repetition_ends_in_a_failure()
    {
        _bench.AnswerWith(503);
        await using var services = _bench.Tool("GET", "/orders");

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal((ToolErrorKind.Failed, "'t' failed: its server answered HTTP 503."), (result.Error, result.Text));
        Assert.Equal(3, _bench.Received.Count);
    }

    [Theory]
    [InlineData("POST", 500)]
    [InlineData("PATCH", 503)]
    [InlineData("GET", 502)]
    [InlineData("DELETE", 303)]
    public async Task A_write_without_a_clear_answer_is_unknown_and_never_repeated(string method, int status)
    {
        _bench.AnswerWith(status);
        await using var services = _bench.Tool(method, "/orders", ("Effect", "write"));

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal(ToolErrorKind.OutcomeUnknown, result.Error);
        Assert.EndsWith(" Whether it took effect is not known.", result.Text, StringComparison.Ordinal);
        Assert.Single(_bench.Received);
    }

    /// <summary>The client's handler itself would send a request without content again, whatever its method.</summary>
    [Theory]
    [InlineData("POST", "write", 1, ToolErrorKind.OutcomeUnknown)]
    [InlineData("DELETE", "write", 1, ToolErrorKind.OutcomeUnknown)]
    [InlineData("GET", "write", 1, ToolErrorKind.OutcomeUnknown)]
    [InlineData("DELETE", "idempotent", 3, ToolErrorKind.Failed)]
    public async Task A_server_that_hangs_up_without_a_word_gets_a_write_once(string method, string effect, int requests, ToolErrorKind kind)
    {
        await using var server = new SilentServer();
        await using var services = _bench.Tool(method, $"http://localhost:{server.Port}/orders", ("Effect", effect));

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal((kind, requests), (result.Error, server.Requests));
    }

    [Theory]
    [InlineData("POST", "{}")]
    [InlineData("POST", """{"sum":1}""")]
    [InlineData("DELETE", "{}")]
    [InlineData("GET", "{}")]
    public async Task A_write_whose_connection_breaks_is_unknown_and_never_repeated(string method, string arguments)
    {
        _bench.Answer = (context, number) =>
        {
            if (number == 1)
            {
                return context.Response.WriteAsync("done");
            }

            context.Abort();
            return Task.CompletedTask;
        };
        await using var services = _bench.Tool(method, "/orders", ("Effect", "write"), ("Parameters:sum:Type", "number"), ("Parameters:sum:Required", "false"));
        Assert.Null((await HttpToolBench.CallAsync(services, arguments)).Error);

        var result = await HttpToolBench.CallAsync(services, arguments);

        Assert.Equal(
            (ToolErrorKind.OutcomeUnknown, "'t' failed: the connection broke after the request was sent. Whether it took effect is not known."),
            (result.Error, result.Text));
        Assert.Equal(2, _bench.Received.Count);
    }

    [Fact]
    public async Task A_write_that_was_never_sent_is_an_ordinary_failure()
    {
        await using var services = _bench.Tool("POST", "/orders", ("Parameters:sum:Type", "number"));
        await _bench.DisposeAsync();

        var result = await HttpToolBench.CallAsync(services, """{"sum":1}""");

        Assert.Equal(
            (ToolErrorKind.Failed, "'t' could not ask its server: nothing answered there. Nothing was sent."), (result.Error, result.Text));
    }

    [Theory]
    [InlineData(400, ToolErrorKind.InvalidArguments)]
    [InlineData(422, ToolErrorKind.InvalidArguments)]
    [InlineData(404, ToolErrorKind.Failed)]
    [InlineData(409, ToolErrorKind.Failed)]
    [InlineData(429, ToolErrorKind.Failed)]
    public async Task A_refusal_is_no_unknown_outcome_and_its_text_reaches_the_model(int status, ToolErrorKind kind)
    {
        _bench.AnswerWith(status);
        await using var services = _bench.Tool("POST", "/orders");

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal((kind, $"'t' was refused with HTTP {status}. The server says:\nanswer 1"), (result.Error, result.Text));
        Assert.Single(_bench.Received);
    }

    [Theory]
    [InlineData("POST", ToolErrorKind.OutcomeUnknown, " Whether it took effect is not known.")]
    [InlineData("PUT", ToolErrorKind.Timeout, " Whether it took effect is not known.")]
    [InlineData("GET", ToolErrorKind.Timeout, "")]
    public async Task No_answer_in_time_is_told_as_exactly_as_it_is_known(string method, ToolErrorKind kind, string end)
    {
        var time = new FakeTimeProvider();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Answer = (context, _) =>
        {
            entered.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        await using var services = HttpToolBench.Services(
            [
                new("Tools:Http:t:Description", "A tool."),
                new("Tools:Http:t:Method", method),
                new("Tools:Http:t:Url", _bench.Home),
                new("Tools:Http:t:AllowPrivate", "true"),
                new("Tools:Http:t:DeadlineSeconds", "4"),
            ],
            time);
        var call = HttpToolBench.CallAsync(services);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(4));
        var result = await call.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal((kind, $"'t' did not finish within 4 seconds and was given up.{end}"), (result.Error, result.Text));
    }

    [Fact]
    public async Task A_success_stays_one_when_its_text_breaks_off()
    {
        _bench.Answer = async (context, _) =>
        {
            context.Response.ContentLength = 1_000;
            // Kestrel closes the connection of a response that is shorter than it said.
            await context.Response.WriteAsync("half");
        };
        await using var services = _bench.Tool("POST", "/orders");

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal(("HTTP 200; the text could not be read to its end.", null), (result.Text, result.Error));
    }

    [Fact]
    public async Task No_more_than_the_cap_is_read()
    {
        _bench.Answer = (context, _) => context.Response.WriteAsync(new string('x', 5_000));
        await using var services = _bench.Tool("GET", "/orders", ("MaxResultLength", "1000"));

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal(new string('x', 1_000) + "\n[only the first 1000 bytes were read]", result.Text);
    }

    [Fact]
    public async Task What_is_no_text_is_not_shown()
    {
        _bench.Answer = (context, _) =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.WriteAsync("x");
        };
        await using var services = _bench.Tool("POST", "/orders");

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal(("HTTP 200 with image/png, which is not text and not shown.", null), (result.Text, result.Error));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _bench.Answer = (context, _) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        await using var services = _bench.Tool("GET", "/orders", ("Headers:X-Key", "s3cret"));

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal((ToolErrorKind.Failed, "'t' answered HTTP 302, a redirect, which is not followed."), (result.Error, result.Text));
        Assert.Single(_bench.Received);
    }
}
