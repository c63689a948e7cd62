
namespace AgentPlatform.Executor.Tools.Http;

/// <summary>What the client of HTTP tools needs to know of one, wherever it was described.</summary>
/// <param name="Host">Host and port, for bulkheads and circuits.</param>
/// <param name="Deadline">Total time of one call, its repetitions included.</param>
/// <param name="MaxResultLength">Bytes read of a response.</param>
/// <param name="Client">Name of the HTTP client, which decides what may be reached.</param>
/// <param name="Untrusted">Anybody may have written what it returns.</param>
internal sealed record HttpEndpoint(
    string Name,
    HttpMethod Method,
    string Host,
    ToolEffect Effect,
    TimeSpan Deadline,
    int MaxResultLength,
    string Client,
    bool Untrusted)
{
    public bool Changes => Effect is ToolEffect.Idempotent or ToolEffect.Write;
}
