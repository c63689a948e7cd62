using System.Net;
using System.Net.Sockets;
using AgentPlatform.Tests.ModelServer;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

public sealed class ModelDiscoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_only_model_of_the_endpoint_is_taken()
    {
        await using var server = await FakeModelServer.StartAsync(Cancellation);
        server.Models = ["the-one"];

        await using var models = await ModelHost.StartAsync(("OPENAI_BASE_URL", server.BaseUrl + "/"));

        Assert.Equal("the-one", models.Default.ModelId);
    }

    [Theory]
    [InlineData("", "lists no model")]
    [InlineData("a,b", "lists 2 models (a, b)")]
    public async Task None_or_several_models_stop_the_start_with_the_settings_name(string listed, string says)
    {
        await using var server = await FakeModelServer.StartAsync(Cancellation);
        server.Models = listed.Split(',', StringSplitOptions.RemoveEmptyEntries);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ModelHost.StartAsync(("OPENAI_BASE_URL", server.BaseUrl)));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("Models:Default:Model or OPENAI_MODEL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_list_stops_the_start()
    {
        await using var server = await FakeModelServer.StartAsync(Cancellation);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ModelHost.StartAsync(
            ("Models:fast:Provider", "openai"), ("Models:fast:Endpoint", server.BaseUrl + "/elsewhere")));

        Assert.Contains("set Models:fast:Model", error.Message, StringComparison.Ordinal);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_starts_a_moment_later_is_waited_for()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var starting = ModelHost.StartAsync(("OPENAI_BASE_URL", $"http://127.0.0.1:{port}/v1"));

        // The first connection is dropped, as a server does that is not up yet; the next one is served.
        (await listener.AcceptTcpClientAsync(Cancellation)).Dispose();
        using var second = await listener.AcceptTcpClientAsync(Cancellation);
        var stream = second.GetStream();
        Assert.True(await stream.ReadAsync(new byte[4096], Cancellation) > 0);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n{\"data\":[{\"id\":\"late-one\"}]}"u8.ToArray(), Cancellation);

        await using var models = await starting;
        Assert.Equal("late-one", models.Default.ModelId);
    }
}
