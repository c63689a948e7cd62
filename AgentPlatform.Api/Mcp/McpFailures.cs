using AgentPlatform.Api.Problems;
using ModelContextProtocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// The one place where a mistake of ours becomes a neutral sentence for a client of <c>/mcp</c>, and a line of the log. The library would log what a caller got
/// wrong in the same way; its own lines are therefore off.
/// </summary>
internal sealed partial class McpFailures(ILogger<McpFailures> logger)
{
    public async ValueTask<T> GuardAsync<T>(ValueTask<T> handling)
    {
        try
        {
            return await handling;
        }
        catch (Exception mistake) when (mistake is not McpException and not OperationCanceledException)
        {
            LogFailed(mistake);
            throw new McpException(StatusProblems.OurMistake);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request to the MCP server failed", EventName = "mcp_request_failed")]
    private partial void LogFailed(Exception exception);
}
