using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>
/// Opens the connections of one door. A name is resolved once, every address it stands for is judged, and the connection
/// goes to one of exactly these: a name server that changes its mind between check and use gains nothing. One address
/// that is not public refuses the name, for nobody can say which of them the next connection would take.
/// </summary>
internal sealed class OutgoingConnector(OutgoingNetwork network, OutgoingHosts allowed)
{
    /// <exception cref="OutgoingRefusedException">The name stands for an address that may not be reached.</exception>
    /// <exception cref="SocketException">There is no such host, or none of its addresses answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await network.Resolve(host, cancellationToken);
        if (!allowed.Contains(context.InitialRequestMessage.RequestUri!) && !addresses.All(OutgoingAddress.IsPublic))
        {
            throw OutgoingRefusedException.NotPublic(host);
        }

        SocketException? failure = null;
        foreach (var address in addresses)
        {
            try
            {
                return await network.Connect(new IPEndPoint(address, port), cancellationToken);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}
