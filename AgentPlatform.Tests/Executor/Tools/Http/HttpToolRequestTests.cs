using System.Diagnostics;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Http;

public sealed class HttpToolRequestTests : IAsyncLifetime
{
    private HttpToolBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await HttpToolBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Arguments_fill_placeholders_and_the_rest_goes_into_the_query()
    {
        await using var services = _bench.Tool(
            "GET", "/orders/{id}?v=1&q={q}&page={page}",
            ("Parameters:id:Description", "Which."), ("Parameters:q:Type", "string"), ("Parameters:page:Required", "false"),
            ("Parameters:tags:Type", "array"), ("Parameters:deep:Type", "boolean"));

        var result = await HttpToolBench.CallAsync(services, """{"id":"a/b?c#d %2e é","q":"x&y=z+1","tags":["1","b c"],"deep":true}""");

        Assert.Equal(("done", null), (result.Text, result.Error));
        Assert.Equal("GET /orders/a%2Fb%3Fc%23d%20%252e%20%C3%A9?v=1&q=x%26y%3Dz%2B1&tags=1&tags=b%20c&deep=true", Assert.Single(_bench.Received).Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_argument_cannot_lead_out_of_its_place_in_the_path(string id)
    {
        await using var services = _bench.Tool("DELETE", "/orders/{id}/lines", ("Parameters:id:Type", "string"));

        var result = await HttpToolBench.CallAsync(services, $$"""{"id":"{{id}}"}""");

        Assert.Equal(
            (ToolErrorKind.InvalidArguments, "The argument 'id' is part of a path and can be neither empty nor '.' nor '..'."), (result.Error, result.Text));
        Assert.Empty(_bench.Received);
    }

    [Fact]
    public async Task What_no_placeholder_takes_is_a_json_body_under_the_configured_headers()
    {
        await using var services = _bench.Tool(
            "POST", "/orders/{id}", ("Headers:Authorization", "Bearer s3cret"),
            ("Parameters:id:Type", "integer"), ("Parameters:item:Schema", """{"type":"object","properties":{"name":{"type":"string"}}}"""));

        await HttpToolBench.CallAsync(services, """{"id":7,"item":{"name":"tea"}}""");

        var received = Assert.Single(_bench.Received);
        Assert.Equal(
            ("POST /orders/7", """{"item":{"name":"tea"}}""", "application/json", "Bearer s3cret"),
            (received.Line, received.Body, received.ContentType, received.Authorization));
    }

    [Theory]
    [InlineData("GET", "call_1", "call_1")]
    [InlineData("DELETE", "call_1", "call_1")]
    [InlineData("POST", "call:\n1é", "call%3A%0A1%C3%A9")]
    public async Task Every_call_carries_its_idempotency_key_and_the_trace(string method, string callId, string sent)
    {
        using var source = new ActivitySource("http tool test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var span = source.StartActivity("run");
        await using var services = _bench.Tool(method, "/orders");

        await HttpToolBench.CallAsync(services, callId: callId);

        var received = Assert.Single(_bench.Received);
        Assert.Equal($"{ToolBench.Call.RunId}:{sent}", received.Key);
        Assert.Contains(span!.TraceId.ToHexString(), received.TraceParent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task A_private_address_is_refused_unless_the_tool_allows_it(string host)
    {
        await using var services = _bench.Tool("POST", $"http://{host}:{_bench.Port}/orders", ("AllowPrivate", "false"));

        var result = await HttpToolBench.CallAsync(services);

        Assert.Equal(
            (ToolErrorKind.Refused, "'t' was not called: its server has no public address and is not allowed."), (result.Error, result.Text));
        Assert.Empty(_bench.Received);
    }

    [Fact]
    public async Task A_name_of_service_discovery_is_a_host()
    {
        await using var services = HttpToolBench.Services([
            new("services:orders:http:0", _bench.Home),
            new("Tools:Http:t:Description", "A tool."),
            new("Tools:Http:t:Method", "GET"),
            new("Tools:Http:t:Url", "http://orders/list"),
            new("Tools:Http:t:AllowPrivate", "true"),
        ]);

        Assert.Equal("done", (await HttpToolBench.CallAsync(services)).Text);
    }

    [Fact]
    public async Task A_slow_host_holds_no_more_calls_than_its_bulkhead()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Answer = async (_, _) =>
        {
            entered.SetResult();
            await open.Task;
        };
        await using var services = HttpToolBench.Services([
            new("Tools:HttpLimits:MaxConcurrentPerHost", "1"),
            new("Tools:HttpLimits:MaxQueuedPerHost", "0"),
            new("Tools:Http:t:Description", "A tool."),
            new("Tools:Http:t:Method", "POST"),
            new("Tools:Http:t:Url", _bench.Home),
            new("Tools:Http:t:AllowPrivate", "true"),
        ]);
        var first = HttpToolBench.CallAsync(services);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var second = await HttpToolBench.CallAsync(services);
        open.SetResult();

        Assert.Equal(
            (ToolErrorKind.Failed, "'t' was not called: too many calls wait for its server. Try again later."), (second.Error, second.Text));
        Assert.Null((await first).Error);
        Assert.Single(_bench.Received);
    }
}
