using System.Globalization;
using AgentPlatform.Executor.Tools.Outgoing;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>Sends one request once and judges how it ended. A <c>write</c> that may have reached the server without a clear answer is unknown.</summary>
internal sealed class HttpToolExchange(IHttpClientFactory clients, HttpToolBulkheads bulkheads)
{
    public async Task<HttpAttempt> SendAsync(HttpToolRequest request, CancellationToken cancellationToken)
    {
        var tool = request.Tool;
        using var message = request.NewMessage();
        try
        {
            using var place = await bulkheads.EnterAsync(tool.Host, cancellationToken);
            if (!place.IsAcquired)
            {
                return new HttpAttempt($"'{tool.Name}' was not called: too many calls wait for its server. Try again later.", ToolErrorKind.Failed);
            }

            var client = clients.CreateClient(tool.Client);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await JudgeAsync(request, response, cancellationToken);
        }
        catch (OutgoingRefusedException)
        {
            return new HttpAttempt(
                $"'{tool.Name}' was not called: its server has no public address and is not allowed.", ToolErrorKind.Refused);
        }
        catch (Exception exception) when (HttpFailure.IsOne(exception) || IsConnectTimeout(exception, cancellationToken))
        {
            return Broken(request, HttpFailure.Cause(exception));
        }
    }

    private static async Task<HttpAttempt> JudgeAsync(HttpToolRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var tool = request.Tool;
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        var unclear = tool.Effect is ToolEffect.Write ? ToolErrorKind.OutcomeUnknown : ToolErrorKind.Failed;
        switch ((int)response.StatusCode)
        {
            case < 300:
                return new HttpAttempt(await ResultAsync(request, status, response, cancellationToken));
            case 307 or 308:
                return new HttpAttempt($"'{tool.Name}' answered HTTP {status}, a redirect, which is not followed.", ToolErrorKind.Failed);
            case < 400:
                return new HttpAttempt(
                    $"'{tool.Name}' answered HTTP {status}, a redirect, which is not followed.{Doubt(unclear)}", unclear);
            case < 500:
                var said = await ResultAsync(request, status, response, cancellationToken);
                return new HttpAttempt(
                    $"'{tool.Name}' was refused with HTTP {status}. The server says:\n{said}",
                    status is "400" or "422" ? ToolErrorKind.InvalidArguments : ToolErrorKind.Failed,
                    MayPass: status is "408" or "429",
                    response.Headers.RetryAfter?.Delta)
                {
                    ServerFailed = status is "429",
                };
            default:
                return new HttpAttempt(
                    $"'{tool.Name}' failed: its server answered HTTP {status}.{Doubt(unclear)}", unclear, MayPass: true, response.Headers.RetryAfter?.Delta)
                {
                    ServerFailed = true,
                };
        }
    }

    /// <summary>The body as text. A server that has answered has decided: a body that cannot be read does not undo what it did.</summary>
    private static async Task<string> ResultAsync(
        HttpToolRequest request, string status, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await HttpBody.ReadAsync(response.Content, request.Tool.MaxResultLength, cancellationToken) switch
            {
                null => $"HTTP {status} with {HttpBody.MediaOf(response.Content)}, which is not text and not shown.",
                { Text: "" } => $"HTTP {status} without a text.",
                { Cut: true } body => body.Text.TrimEnd('\uFFFD') + CutMark(request.Tool.MaxResultLength),
                var body => body.Text,
            };
        }
        catch (Exception exception) when (request.Tool.Changes && (HttpFailure.IsOne(exception) || exception is OperationCanceledException))
        {
            return $"HTTP {status}; the text could not be read to its end.";
        }
    }

    private static HttpAttempt Broken(HttpToolRequest request, string cause)
    {
        var tool = request.Tool;
        if (!tool.Changes || !request.MayHaveArrived)
        {
            var end = tool.Changes ? " Nothing was sent." : "";
            return new HttpAttempt($"'{tool.Name}' could not ask its server: {cause}.{end}", ToolErrorKind.Failed, MayPass: true) { ServerFailed = true };
        }

        var kind = tool.Effect is ToolEffect.Write ? ToolErrorKind.OutcomeUnknown : ToolErrorKind.Failed;
        return new HttpAttempt($"'{tool.Name}' failed: the connection broke after the request was sent.{Doubt(kind)}", kind, MayPass: true) { ServerFailed = true };
    }

    /// <summary>The handler tells of its own connect timeout as of a cancellation nobody asked for.</summary>
    private static bool IsConnectTimeout(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static string Doubt(ToolErrorKind kind) =>
        kind is ToolErrorKind.OutcomeUnknown ? " Whether it took effect is not known." : "";

    private static string CutMark(int bytes) => string.Create(CultureInfo.InvariantCulture, $"\n[only the first {bytes} bytes were read]");
}
