using System.Buffers;
using System.Text.Json;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Mcp.Tools;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// Stops the run of a call that its client cancels. The notification comes as a request of its own, perhaps at another process than the call, so the run is
/// found by the label it was given (<see cref="CallLabel"/>). A call that started no run of its own has nothing to stop.
/// </summary>
internal sealed class CancellationFilter(ExecutorQueries queries, ExecutorCommands commands) : IEndpointFilter
{
    private const string Cancelled = "notifications/cancelled";

    /// <summary>Such a notification is short; nothing longer is parsed here.</summary>
    private const int LongestNotification = 4096;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (ClientIdFilter.ClientOf(http) is { } client
            && await CancelledRequestAsync(http.Request, http.RequestAborted) is { } requestId)
        {
            // Not of the client's token: many a one cancels and is gone.
            await StopAsync(Tenant.Of(http), CallLabel.Of(client, requestId));
        }

        return await next(context);
    }

    private async Task StopAsync(string tenant, string label)
    {
        var runs = await queries.RunsAsync(tenant, new QueryString($"?{CallLabel.Filter}={label}"), CancellationToken.None);
        if (runs.Value?.Items is [{ Status: RunStatus.Queued or RunStatus.Running or RunStatus.AwaitingApproval, RunId: var runId }, ..])
        {
            await commands.CancelAsync(tenant, runId, CancellationToken.None);
        }
    }

    /// <summary>The request that is cancelled; null for any other message, and for what is none. Nothing of the body is used up.</summary>
    private static async Task<string?> CancelledRequestAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAtLeastAsync(LongestNotification + 1, cancellationToken);
        try
        {
            return read.Buffer.Length <= LongestNotification ? CancelledRequest(read.Buffer) : null;
        }
        finally
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start);
        }
    }

    private static string? CancelledRequest(ReadOnlySequence<byte> body)
    {
        try
        {
            using var message = JsonDocument.Parse(body);
            return message.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String && method.ValueEquals(Cancelled)
                && root.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                && parameters.TryGetProperty("requestId", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
                    ? id.ToString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
