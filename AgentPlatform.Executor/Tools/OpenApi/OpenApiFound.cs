using Microsoft.OpenApi;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>One operation with the path it stands under.</summary>
internal sealed record OpenApiFound(HttpMethod Method, string Path, IOpenApiPathItem Item, OpenApiOperation Operation)
{
    /// <summary>For people, and for documents without ids.</summary>
    public string Line => $"{Method.Method} {Path}";

    public string Id => Operation.OperationId is { Length: > 0 } id ? id : Method.Method.ToLowerInvariant() + Path;

    public bool Is(string id) => Operation.OperationId == id || Line == id;

    /// <summary>All operations that a tool could stand for, in the document's order.</summary>
    public static IReadOnlyList<OpenApiFound> All(OpenApiDocument document) =>
    [
        .. from path in document.Paths
           from operation in path.Value.Operations ?? []
           where operation.Key.Method is "GET" or "HEAD" or "PUT" or "DELETE" or "POST" or "PATCH"
           select new OpenApiFound(operation.Key, path.Key, path.Value, operation.Value),
    ];
}
