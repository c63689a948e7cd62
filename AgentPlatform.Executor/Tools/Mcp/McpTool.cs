using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>A server's tool as the function that a model is offered.</summary>
internal sealed class McpTool(McpListedTool listed, McpCaller caller) : AIFunction
{
    public override string Name => listed.Name;

    public override string Description => listed.Description;

    public override JsonElement JsonSchema => listed.Schema;

    public override JsonSerializerOptions JsonSerializerOptions => ToolPlugins.Json;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = (ToolCallContext)arguments.Context![typeof(ToolCallContext)]!;
        var values = arguments.ToDictionary(argument => argument.Key, argument => (JsonElement)argument.Value!, StringComparer.Ordinal);
        return await caller.CallAsync(listed, values, call, cancellationToken);
    }
}
