using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentPlatform.Executor.Cluster;

/// <summary>Fills Orleans' endpoints from <see cref="AgentClusterOptions"/>.</summary>
internal sealed class SiloEndpoints(IOptions<AgentClusterOptions> options, IHostEnvironment environment) : IConfigureOptions<EndpointOptions>
{
    public void Configure(EndpointOptions endpoints)
    {
        var wanted = options.Value;
        endpoints.AdvertisedIPAddress = Address(wanted.AdvertisedIp);
        endpoints.SiloPort = wanted.SiloPort > 0 ? wanted.SiloPort : FreePort();
        endpoints.GatewayPort = wanted.GatewayPort > 0 ? wanted.GatewayPort : FreePort();
        // Loopback is advertised for silos of one machine only: then nobody else need reach the ports either. Any other address may be one
        // that is mapped to this host, so the silo listens on all.
        var listen = IPAddress.IsLoopback(endpoints.AdvertisedIPAddress!) ? endpoints.AdvertisedIPAddress! : IPAddress.Any;
        endpoints.SiloListeningEndpoint = new IPEndPoint(listen, endpoints.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, endpoints.GatewayPort);
    }

    private IPAddress Address(string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured))
        {
            return IPAddress.Parse(configured);
        }

        return environment.IsDevelopment() ? IPAddress.Loopback : HostAddress();
    }

    private static IPAddress HostAddress() =>
        Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(address => !IPAddress.IsLoopback(address))
        ?? IPAddress.Loopback;

    // The port is given back before the silo binds it. Should another process get in between, the start fails and is tried again by
    // whoever supervises the process.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
