using System.Text.Json;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// One operation of an OpenAPI document as a tool, with everything a call needs. It is part of the agent's definition, and so of
/// its version: a run stays on the operations it began with, whatever becomes of the document, and on any executor.
/// </summary>
internal sealed record OpenApiTool
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Absolute URL that the path is put after; without a slash at its end.</summary>
    public required string Server { get; init; }

    /// <summary>As the document has it: <c>/pets/{id}</c>.</summary>
    public required string Path { get; init; }

    public required ToolEffect Effect { get; init; }

    /// <summary>JSON schema of the arguments: parameters and body in one object.</summary>
    public required JsonElement Schema { get; init; }

    public IReadOnlyList<OpenApiArgument> Arguments { get; init; } = [];

    public OpenApiBody? Body { get; init; }

    public IReadOnlyList<OpenApiCredential> Credentials { get; init; } = [];

    /// <summary>Total time of one call.</summary>
    public required double DeadlineSeconds { get; init; }

    /// <summary>Bytes read of a response.</summary>
    public required int MaxResultLength { get; init; }
}
