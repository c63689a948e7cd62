using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>The two things a connection needs of the world: what a name stands for, and a stream to one address.</summary>
/// <param name="Resolve">All addresses of a name; a <see cref="SocketException"/> when there are none.</param>
internal sealed record OutgoingNetwork(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve,
    Func<IPEndPoint, CancellationToken, ValueTask<Stream>> Connect)
{
    public static OutgoingNetwork System { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
