using System.Net;
using System.Net.Sockets;
using Garnet;
using StackExchange.Redis;
using Xunit;

namespace AgentPlatform.Tests.Redis;

/// <summary>A real server that speaks Redis, in this process, on a port it keeps over restarts; without persistence.</summary>
public sealed class TestRedis : IAsyncLifetime
{
    private GarnetServer? _server;

    public int Port { get; } = FreePort();

    public string ConnectionString => $"127.0.0.1:{Port},abortConnect=false,connectTimeout=1000,syncTimeout=1000";

    public ValueTask InitializeAsync()
    {
        Start();
        return ValueTask.CompletedTask;
    }

    public void Start()
    {
        _server = new GarnetServer(
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "-q", "--lua", "--lua-transaction-mode", "--memory", "64m", "--index", "1m", "--logger-level", "Warning",
        ]);
        _server.Start();
    }

    public void Stop()
    {
        _server?.Dispose();
        _server = null;
    }

    public Task<ConnectionMultiplexer> ConnectAsync()
    {
        var options = ConfigurationOptions.Parse(ConnectionString);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(100);
        return ConnectionMultiplexer.ConnectAsync(options);
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
