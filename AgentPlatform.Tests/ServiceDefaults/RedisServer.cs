using System.Net;
using System.Net.Sockets;
using Garnet;

namespace AgentPlatform.Tests.ServiceDefaults;

/// <summary>A real server that speaks Redis, inside this process, small and without persistence.</summary>
internal static class RedisServer
{
    internal static GarnetServer Start(int port)
    {
        var server = new GarnetServer(["--bind", "127.0.0.1", "--port", $"{port}", "-q", "--logger-level", "Warning", "--memory", "64m", "--index", "1m"]);
        server.Start();
        return server;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
