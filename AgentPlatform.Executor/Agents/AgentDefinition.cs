using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Executor.Tools.OpenApi;

namespace AgentPlatform.Executor.Agents;

/// <summary>One agent, as its file <c>agents/*.yaml</c> defines it. Immutable; its content hash is its version.</summary>
internal sealed record AgentDefinition
{
    public required string Name { get; init; }

    /// <summary>First 16 hex digits of the SHA-256 of the definition's canonical JSON (without this member).</summary>
    public required string Version { get; init; }

    public required string Description { get; init; }

    /// <summary>System prompt; <c>{date}</c> and <c>{user}</c> are filled in per run.</summary>
    public required string Instructions { get; init; }

    /// <summary>Configured name of the model.</summary>
    public string Model { get; init; } = "default";

    /// <summary>Models to try, in order, when the first one fails.</summary>
    public IReadOnlyList<string> FallbackModels { get; init; } = [];

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    /// <summary>Output tokens of one reply.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>JSON schema of the answer; null for free text.</summary>
    public JsonElement? ResponseSchema { get; init; }

    /// <summary>Names of the tools it may call.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Operations of OpenAPI documents it may call, as the documents had them when the file was read; null for none.</summary>
    [JsonPropertyName("openapi")]
    public IReadOnlyList<OpenApiTool>? OpenApi { get; init; }

    /// <summary>MCP servers that its file declares. Absent from the stored form when there are none: versions made before stay what they were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<McpServerDefinition>? McpServers { get; init; }

    public AgentLimits Limits { get; init; } = new();

    /// <summary>Tokens of earlier turns the model sees, newest first; estimated at four characters a token.</summary>
    public int ContextTokens { get; init; } = 8_000;

    /// <summary>A running summary of the turns that no longer fit is kept and shown. Absent from the stored form when false: versions made before it stay what they were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Summary { get; init; }

    public AgentCachePolicy Cache { get; init; } = new();

    /// <summary>What a second message to a busy session meets.</summary>
    public SessionConcurrency Concurrency { get; init; } = SessionConcurrency.Queue;

    public AgentApproval Approval { get; init; } = new();
}

internal enum SessionConcurrency
{
    /// <summary>Wait for the turn before it.</summary>
    Queue,

    /// <summary>409 <c>session_busy</c>.</summary>
    Reject,
}

internal enum AfterUntrusted
{
    /// <summary>They wait for a person.</summary>
    Ask,

    /// <summary>They run as before: whoever may write what the agent reads may make it act.</summary>
    Allow,
}

/// <summary>Which calls need a person's word.</summary>
internal sealed record AgentApproval
{
    public IReadOnlyList<string> Tools { get; init; } = [];

    public IReadOnlyList<ToolEffect> Effects { get; init; } = [];

    /// <summary>What becomes of calls that change something once results that anybody may have written are in the conversation. Absent from the stored form when it is the default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AfterUntrusted AfterUntrusted { get; init; }

    /// <summary>Seconds until the call counts as denied; null for never.</summary>
    public double? ExpiresSeconds { get; init; }
}
