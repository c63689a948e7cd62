using System.Net;
using ModelContextProtocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>What an exception of a call means: whether the server refused it, never got it, or may have done it.</summary>
internal static class McpFailures
{
    private const int MaxSaid = 1_000;

    /// <param name="lost">The session is over.</param>
    public static McpEnding Of(Exception exception, McpListedTool tool, bool lost) => exception switch
    {
        McpProtocolException { ErrorCode: McpErrorCode.InvalidParams } refused =>
            new($"'{tool.Name}' was refused by its server: {Said(refused)}", ToolErrorKind.InvalidArguments),
        McpProtocolException { ErrorCode: McpErrorCode.MethodNotFound or McpErrorCode.InvalidRequest or McpErrorCode.ParseError } refused =>
            new($"'{tool.Name}' was refused by its server: {Said(refused)}", ToolErrorKind.Failed, ServerFailed: true),
        McpProtocolException failed => Unclear(tool, $"its server says: {Said(failed)}"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            new($"'{tool.Name}' was not called: its server could not be reached. Nothing was sent. Go on without it, or try again later.", ToolErrorKind.Failed, ServerFailed: true),
        HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and var status } =>
            new($"'{tool.Name}' was refused by its server with HTTP {(int)status}. Go on without it, or try again later.", ToolErrorKind.Failed, ServerFailed: true),
        (InvalidOperationException or NotSupportedException) and not ObjectDisposedException when !lost =>
            new($"'{tool.Name}' did not finish: its server wants to ask something that it may not ask here.", ToolErrorKind.Refused),
        _ => Unclear(tool, "the connection to its server broke"),
    };

    public static string Doubt(McpListedTool tool) =>
        McpEffects.OnlyReads(tool.Effect) ? "" : " Whether it took effect is not known.";

    private static McpEnding Unclear(McpListedTool tool, string cause) => new(
        $"'{tool.Name}' failed: {cause}.{Doubt(tool)}",
        tool.Effect is ToolEffect.Write ? ToolErrorKind.OutcomeUnknown : ToolErrorKind.Failed,
        ServerFailed: true);

    /// <summary>The server's words, which are data like a result.</summary>
    private static string Said(McpProtocolException exception) => ToolText.Cap(exception.Message.TrimEnd('.'), MaxSaid, out _);
}
