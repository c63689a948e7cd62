using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Http;

public sealed class HttpToolCircuitTests : IAsyncLifetime
{
    private HttpToolBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await HttpToolBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("POST", 6)]
    public async Task A_server_that_keeps_failing_is_left_alone_and_the_model_told(string method, int calls)
    {
        _bench.AnswerWith(503);
        await using var services = Tool(method);
        for (var call = 0; call < calls; call++)
        {
            await HttpToolBench.CallAsync(services);
        }

        Assert.Equal(6, _bench.Received.Count);
        var refused = await HttpToolBench.CallAsync(services);

        // Nothing was sent, so not even a write leaves a doubt.
        Assert.Equal(ToolErrorKind.Failed, refused.Error);
        Assert.Contains($"the server localhost:{_bench.Port} does not answer at the moment", refused.Text, StringComparison.Ordinal);
        Assert.Equal(6, _bench.Received.Count);
        Assert.Equal((Hops.Tool, $"localhost:{_bench.Port}"), Assert.Single(services.GetRequiredService<CircuitBoard>().Open) is var open ? (open.Hop, open.Endpoint) : default);
    }

    [Fact]
    public async Task Refusals_of_the_request_say_nothing_against_the_server()
    {
        _bench.AnswerWith(404);
        await using var services = Tool("GET");
        for (var call = 0; call < 10; call++)
        {
            await HttpToolBench.CallAsync(services);
        }

        Assert.Equal(10, _bench.Received.Count);
        Assert.Empty(services.GetRequiredService<CircuitBoard>().Open);
    }

    private ServiceProvider Tool(string method) => HttpToolBench.Services(
    [
        new("Tools:Http:t:Description", "A tool."),
        new("Tools:Http:t:Method", method),
        new("Tools:Http:t:Url", $"{_bench.Home}/orders"),
        new("Tools:Http:t:AllowPrivate", "true"),
        new("Circuits:MinimumCalls", "6"),
    ]);
}
