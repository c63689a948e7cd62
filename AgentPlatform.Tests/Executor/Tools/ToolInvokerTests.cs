using System.Diagnostics;
using AgentPlatform.Executor.Tools;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class ToolInvokerTests
{
    private readonly ToolBench _bench = new();

    [Theory]
    [InlineData("echo", """{"text":"hi"}""", "hi")]
    [InlineData("echo", """{"text":"hi","times":3,"colour":"green"}""", "hihihi!")]
    [InlineData("order", """{"order":{"item":"tea","amount":2.25}}""", """{"item":"tea","amount":4.50}""")]
    [InlineData("undeclared", "", "Done.")]
    [InlineData("undeclared", "{}", "Done.")]
    [InlineData("write_once", """{"what":"paid"}""", "paid under 0197d0c0-0000-7000-8000-000000000001:call_1 for acme")]
    public async Task A_call_gives_its_result_as_text(string tool, string arguments, string text)
    {
        var result = await _bench.InvokeAsync(tool, arguments);

        Assert.Equal(text, result.Text);
        Assert.Null(result.Error);
        Assert.False(result.Truncated);
    }

    [Theory]
    [InlineData("""{"text":"hi" """, "The arguments are not valid JSON (line 1, byte 14: an unexpected or missing character, or a value cut short).")]
    [InlineData("hi", "The arguments are not valid JSON (line 1, byte 1: an unexpected or missing character, or a value cut short).")]
    [InlineData("""{"text":"a","text":"b"}""", "The arguments are not valid JSON (")]
    [InlineData("""["hi"]""", "The arguments must be one JSON object.")]
    [InlineData("null", "The arguments must be one JSON object.")]
    [InlineData("{}", "The arguments do not fit: 'text' is required.")]
    [InlineData("""{"text":5}""", "The arguments do not fit: 'text' must be a string.")]
    [InlineData("""{"text":null}""", "The arguments do not fit: 'text' must be a string.")]
    [InlineData("""{"text":"hi","times":"3"}""", "The arguments do not fit: 'times' must be an integer.")]
    [InlineData("""{"text":"hi","times":1.5}""", "The arguments do not fit: 'times' must be an integer.")]
    [InlineData("""{"text":"hi","times":9}""", "The arguments do not fit: 'times' must be at most 5.")]
    [InlineData("""{"text":"hi","times":0}""", "The arguments do not fit: 'times' must be at least 1.")]
    [InlineData("""{"text":"hi","colour":"blue"}""", "The arguments do not fit: 'colour' must be one of dark_red, green.")]
    [InlineData("""{"words":"hi","text":"x"}""", "The arguments do not fit: 'words' is not a known property.")]
    [InlineData("""{"words":"hi"}""", "The arguments do not fit: 'text' is required; 'words' is not a known property.")]
    public async Task Arguments_that_do_not_fit_are_explained_to_the_model(string arguments, string complaint)
    {
        var result = await _bench.InvokeAsync("echo", arguments);

        Assert.Equal(ToolErrorKind.InvalidArguments, result.Error);
        Assert.StartsWith(complaint, result.Text, StringComparison.Ordinal);
        // The cap of its results is shorter than this.
        Assert.False(result.Truncated);
    }

    [Fact]
    public async Task A_complaint_shows_what_the_schema_expects()
    {
        var result = await _bench.InvokeAsync("order", """{"order":{"item":"tea","sum":1}}""");

        Assert.Equal(ToolErrorKind.InvalidArguments, result.Error);
        Assert.Contains("'order.amount' is required", result.Text, StringComparison.Ordinal);
        Assert.Contains("'order.sum' is not a known property", result.Text, StringComparison.Ordinal);
        Assert.Contains("Call it again with arguments for this JSON schema: {\"type\":\"object\"", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explained_failure_reaches_the_model()
    {
        var result = await _bench.InvokeAsync("explain", "{}");

        Assert.Equal((ToolErrorKind.Failed, "Give a smaller number."), (result.Error, result.Text));
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("crash_later")]
    public async Task Any_other_exception_is_logged_and_its_text_reaches_nobody(string tool)
    {
        var result = await _bench.InvokeAsync(tool, "{}");

        Assert.Equal(ToolErrorKind.Failed, result.Error);
        Assert.Equal($"The tool '{tool}' failed. Try other arguments, another tool, or answer without it.", result.Text);
        var line = Assert.Single(_bench.Log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("hunter2", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wait", ToolErrorKind.OutcomeUnknown, "The tool 'wait' did not finish within 7 seconds and was given up. Whether it took effect is not known.")]
    [InlineData("deaf", ToolErrorKind.Timeout, "The tool 'deaf' did not finish within 7 seconds and was given up.")]
    public async Task A_call_ends_at_its_deadline_even_when_the_tool_does_not_listen(string tool, ToolErrorKind kind, string text)
    {
        var call = _bench.InvokeAsync(tool, "{}");
        await _bench.Plugin.Entered.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(call.IsCompleted);

        _bench.Time.Advance(TimeSpan.FromSeconds(7));
        var result = await call;

        Assert.Equal((kind, text), (result.Error, result.Text));
        Assert.Equal(TimeSpan.FromSeconds(7), result.Duration);
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("deaf")]
    public async Task The_callers_cancellation_is_no_result(string tool)
    {
        using var cancelled = new CancellationTokenSource();
        var call = _bench.InvokeAsync(tool, "{}", cancelled.Token);
        await _bench.Plugin.Entered.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_long_result_is_cut_and_says_so()
    {
        var result = await _bench.InvokeAsync("echo", $$"""{"text":"{{new string('x', 100)}}","times":5}""");

        Assert.True(result.Truncated);
        Assert.Equal(120, result.Text.Length);
        Assert.EndsWith("x\n[cut here: the result has 500 characters, at most 120 are shown]", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_is_free_of_what_databases_and_terminals_choke_on()
    {
        var result = await _bench.InvokeAsync("echo", "{\"text\":\"a\\u0000b\\u001b[31mc\\r\\nd\\te\\u0085\\u007f😀\"}");

        Assert.Equal("ab[31mc\nd\te😀", result.Text);
    }

    [Fact]
    public void A_tool_that_is_not_there_is_answered_with_those_that_are()
    {
        var result = ToolInvoker.Unknown("serach\0", ["calculator", "clock"]);

        Assert.Equal(ToolErrorKind.UnknownTool, result.Error);
        Assert.Equal("There is no tool 'serach'. Tools that can be called: calculator, clock.", result.Text);
    }

    [Fact]
    public async Task A_call_is_a_span_with_the_names_dashboards_know()
    {
        var spans = new List<Activity>();
        using var root = new Activity("root").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "AgentPlatform",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == root.TraceId)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await _bench.InvokeAsync("echo", "{}");

        var span = Assert.Single(spans);
        Assert.Equal("execute_tool echo", span.DisplayName);
        Assert.Equal("execute_tool", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("echo", span.GetTagItem("gen_ai.tool.name"));
        Assert.Equal("call_1", span.GetTagItem("gen_ai.tool.call.id"));
        Assert.Equal("invalid_arguments", span.GetTagItem("error.type"));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
    }
}
