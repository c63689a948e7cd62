using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>An HTTP endpoint as the function that a model is offered.</summary>
internal sealed class HttpTool(HttpToolDefinition definition, HttpToolClient client) : AIFunction
{
    public override string Name => definition.Endpoint.Name;

    public override string Description => definition.Description;

    public override JsonElement JsonSchema => definition.Schema;

    public override JsonSerializerOptions JsonSerializerOptions => ToolPlugins.Json;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = (ToolCallContext)arguments.Context![typeof(ToolCallContext)]!;
        var values = arguments.ToDictionary(argument => argument.Key, argument => (JsonElement)argument.Value!, StringComparer.Ordinal);
        return await client.CallAsync(definition.Request(values, call), cancellationToken);
    }
}
