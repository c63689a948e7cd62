using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Benchmarks.Stalls;

/// <summary>A port at which connecting takes for ever: the socket listens, nobody accepts, and its backlog is full.</summary>
internal sealed class DeafServer : IDisposable
{
    private static readonly TimeSpan Answered = TimeSpan.FromMilliseconds(300);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public string Url => $"http://{_listener.LocalEndPoint}";

    public static async Task<DeafServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new DeafServer();
        server._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server._listener.Listen(1);
        while (await server.ConnectsAsync(cancellationToken))
        {
            // Until the backlog is full.
        }

        return server;
    }

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private async Task<bool> ConnectsAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _waiting.Add(socket);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Answered);
        try
        {
            await socket.ConnectAsync(_listener.LocalEndPoint!, patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
