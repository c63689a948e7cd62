using System.Net;
using System.Net.Sockets;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>A port at which connecting takes for ever: the socket listens, nobody accepts, and its backlog is full.</summary>
internal sealed class DeafServer : IDisposable
{
    private const int MostConnections = 64;
    private static readonly TimeSpan Answered = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public static async Task<DeafServer> StartAsync()
    {
        var server = new DeafServer();
        server._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server._listener.Listen(1);
        while (await server.ConnectsAsync())
        {
            Assert.True(server._waiting.Count < MostConnections, "The backlog does not fill up.");
        }

        return server;
    }

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private async Task<bool> ConnectsAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _waiting.Add(socket);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Answered);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
