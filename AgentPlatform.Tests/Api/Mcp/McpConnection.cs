using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentPlatform.Tests.Api.Mcp;

/// <summary>The official client, over HTTP.</summary>
internal static class McpConnection
{
    /// <summary>The last revision with a handshake, and the first without.</summary>
    public const string WithHandshake = "2025-11-25";
    public const string WithoutHandshake = "2026-07-28";

    public static Task<McpClient> ConnectAsync(Uri server, string revision = WithoutHandshake, string? token = null) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = token is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
        }),
        new McpClientOptions { ProtocolVersion = revision },
        cancellationToken: TestContext.Current.CancellationToken);

    public static ValueTask<CallToolResult> AskAsync(
        this McpClient client, string agent, object arguments, Action<ModelContextProtocol.ProgressNotificationValue>? onProgress = null, CancellationToken? cancellationToken = null) =>
        client.CallToolAsync(
            agent,
            JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value),
            onProgress is null ? null : new Progress(onProgress),
            cancellationToken: cancellationToken ?? TestContext.Current.CancellationToken);

    public static string Text(this CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    /// <summary>Reports in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Progress(Action<ModelContextProtocol.ProgressNotificationValue> report) : IProgress<ModelContextProtocol.ProgressNotificationValue>
    {
        public void Report(ModelContextProtocol.ProgressNotificationValue value) => report(value);
    }
}
