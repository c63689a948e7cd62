using NJsonSchema;
using NJsonSchema.References;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// Follows references inside a schema only. The library's own resolver would fetch a URL or read a file that a schema
/// names, and schemas may come from remote servers.
/// </summary>
internal sealed class LocalReferences(JsonSchemaAppender appender) : JsonReferenceResolver(appender)
{
    public override Task<IJsonReference> ResolveFileReferenceAsync(string filePath, CancellationToken cancellationToken = default) =>
        throw new FormatException("a JSON schema may only refer to its own parts, not to a file");

    public override Task<IJsonReference> ResolveUrlReferenceAsync(string url, CancellationToken cancellationToken = default) =>
        throw new FormatException("a JSON schema may only refer to its own parts, not to a URL");
}
