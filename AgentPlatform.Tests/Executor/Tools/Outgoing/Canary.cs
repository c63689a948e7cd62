using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Tests.Executor.Tools.Outgoing;

/// <summary>A port of loopback that counts who connects to it. Nobody should.</summary>
internal sealed class Canary : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _counting;
    private int _connections;

    public Canary()
    {
        _listener.Start();
        _counting = CountAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _counting;
    }

    private async Task CountAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
