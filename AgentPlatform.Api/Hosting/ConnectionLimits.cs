using System.Globalization;
using AgentPlatform.Api.Input;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Hosting;

/// <summary>What one who floods the API with connections, or sends a byte now and then, can take of it.</summary>
internal static class ConnectionLimits
{
    private const int Most = 10_000;
    private const int Backlog = 4096;
    private const string DescriptorLimit = "Max open files";

    public static IServiceCollection AddConnectionLimits(this IServiceCollection services)
    {
        services.AddOptions<ConnectionOptions>()
            .BindConfiguration(ConnectionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<BodyPace>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConnectionOptions>>(static (kestrel, options) =>
        {
            var connections = options.Value;
            // What a connection may send ahead of being read; large bodies are read at a pace.
            kestrel.Limits.MaxRequestBufferSize = BodyPace.Slice;
            kestrel.Limits.MaxConcurrentConnections = connections.Max ?? Math.Min(Most, Descriptors() / 4 * 3);
            kestrel.Limits.RequestHeadersTimeout = connections.HeadersWithin;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(connections.BodyBytesPerSecond, connections.BodyGrace);
        });
        // Who finds the queue of the accepting socket full tries again after a second, then after three. The system's own limit is the same, mostly.
        services.Configure<SocketTransportOptions>(static sockets => sockets.Backlog = Backlog);
        return services;
    }

    /// <summary>What the process may open; the runtime has raised it as far as it may by itself.</summary>
    private static int Descriptors()
    {
        if (!OperatingSystem.IsLinux())
        {
            return int.MaxValue;
        }

        // "Max open files            1024                 524288               files"
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(DescriptorLimit, StringComparison.Ordinal));
        return line?[DescriptorLimit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
            && int.TryParse(soft, CultureInfo.InvariantCulture, out var limit)
                ? limit
                : int.MaxValue;
    }
}
