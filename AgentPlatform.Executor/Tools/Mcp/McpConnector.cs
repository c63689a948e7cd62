using System.Reflection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// Opens sessions. This client offers a server nothing: no sampling, no elicitation, no roots, so that a server which asks for
/// them is refused. Nothing of a caller is passed on. HTTP servers are reached where the operator says and nowhere else: no
/// redirect is followed, and of the two HTTP transports the one in which a server names another address is not spoken.
/// </summary>
internal sealed class McpConnector(IHttpClientFactory clients, ToolSecrets secrets, IOptions<McpSettings> settings, ILogger<McpConnector> logger)
{
    /// <summary>Of the HTTP client, which <see cref="McpTools"/> configures.</summary>
    public const string HttpClientName = "mcp";

    private static readonly string? Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(2);

    /// <param name="changed">Called when the server says that its tools changed.</param>
    /// <exception cref="Exception">There is no session; of a program an <see cref="IOException"/> with its last words, else of whatever type the system makes it.</exception>
    public async Task<McpConnection> OpenAsync(McpServerDefinition server, Action changed, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Value.ConnectTimeout);
        if (server.Command is null)
        {
            return new McpConnection(await McpClient.CreateAsync(Http(server), Options(changed), null, limit.Token), child: null);
        }

        var child = McpChild.Start(server, secrets, logger);
        try
        {
            var transport = new StreamClientTransport(child.Input, child.Output);
            return new McpConnection(await McpClient.CreateAsync(transport, Options(changed), null, limit.Token), child);
        }
        catch (Exception exception)
        {
            await child.DisposeAsync();
            throw new IOException($"The program could not be spoken to. Its last words: {child.LastWords}", exception);
        }
    }

    private HttpClientTransport Http(McpServerDefinition server) => new(
        new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Url!),
            Name = server.Name,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = server.Headers.ToDictionary(header => header.Key, header => secrets.Fill(header.Value)),
            MaxReconnectionAttempts = 2,
            DefaultReconnectionInterval = TimeSpan.FromMilliseconds(250),
        },
        clients.CreateClient(HttpClientName),
        loggerFactory: null,
        ownsHttpClient: true);

    private McpClientOptions Options(Action changed) => new()
    {
        ClientInfo = new Implementation { Name = "AgentPlatform", Version = Version ?? "0" },
        Capabilities = new ClientCapabilities(),
        InitializationTimeout = settings.Value.ConnectTimeout,
        Handlers = new McpClientHandlers
        {
            NotificationHandlers =
            [
                KeyValuePair.Create<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(
                    NotificationMethods.ToolListChangedNotification,
                    (_, _) =>
                    {
                        changed();
                        return ValueTask.CompletedTask;
                    }),
            ],
        },
    };
}
