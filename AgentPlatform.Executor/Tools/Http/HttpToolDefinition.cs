using System.Text.Json;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>An HTTP endpoint that agents may call as a tool.</summary>
/// <param name="Schema">JSON schema of the arguments, an object.</param>
/// <param name="HasBody">Arguments that no placeholder takes are sent as a JSON object; else they go into the query.</param>
/// <param name="Deadline">Total time of one call, its repetitions included.</param>
/// <param name="MaxResultLength">Bytes read of a response.</param>
/// <param name="Headers">Sent with each request; the values may be secrets.</param>
/// <param name="AllowPrivate">The host may have a loopback or private address.</param>
internal sealed record HttpToolDefinition(
    string Name,
    string Description,
    HttpMethod Method,
    UrlTemplate Url,
    ToolEffect Effect,
    JsonElement Schema,
    bool HasBody,
    TimeSpan Deadline,
    int MaxResultLength,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    bool AllowPrivate)
{
    public bool Changes => Effect is ToolEffect.Idempotent or ToolEffect.Write;
}
