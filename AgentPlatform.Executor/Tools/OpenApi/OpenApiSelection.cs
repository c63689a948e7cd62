
namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>What an agent file wants of one document.</summary>
/// <param name="Operations">By <c>operationId</c>, or <c>GET /path</c>.</param>
/// <param name="Tags">All operations with one of these; without operations and tags: all of the document.</param>
/// <param name="Server">Takes the place of the document's.</param>
/// <param name="Credentials">Names of secrets, by the document's security schemes.</param>
internal sealed record OpenApiSelection(
    string Document,
    IReadOnlyList<string> Operations,
    IReadOnlyList<string> Tags,
    string Prefix,
    Uri? Server,
    IReadOnlyDictionary<string, string> Credentials,
    IReadOnlyDictionary<string, ToolEffect> Effects,
    double DeadlineSeconds,
    int MaxResultLength);
