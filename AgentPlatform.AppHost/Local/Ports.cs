using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.AppHost.Local;

/// <summary>Ports on the loopback interface.</summary>
internal static class Ports
{
    // Below the range from which systems take the ports of outgoing connections. A port inside it can be taken while its owner restarts,
    // even by a client that is trying to reach it: a connection to oneself.
    private const int First = 20_000;
    private const int End = 30_000;
    private const int Attempts = 1_000;

    /// <summary>A free port that <paramref name="acceptable"/> accepts.</summary>
    public static int Choose(Func<int, bool> acceptable)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (acceptable(port) && IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {End} on 127.0.0.1.");
    }

    /// <summary>True when a server could listen there, on IPv4 and (where there is one) IPv6 loopback.</summary>
    public static bool IsFree(int port) => CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port));

    private static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException exception)
        {
            // No IPv6 loopback on this machine is no reason to call the port busy.
            return exception.SocketErrorCode is SocketError.AddressNotAvailable;
        }
    }
}
