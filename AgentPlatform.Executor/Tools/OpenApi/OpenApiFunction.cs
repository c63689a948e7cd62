using System.Text.Json;
using AgentPlatform.Executor.Tools.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>An operation as the function that a model is offered.</summary>
internal sealed class OpenApiFunction(OpenApiTool tool, HttpEndpoint endpoint, ToolSecrets secrets, HttpToolClient client) : AIFunction
{
    public override string Name => tool.Name;

    public override string Description => tool.Description;

    public override JsonElement JsonSchema => tool.Schema;

    public override JsonSerializerOptions JsonSerializerOptions => ToolPlugins.Json;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = (ToolCallContext)arguments.Context![typeof(ToolCallContext)]!;
        var values = arguments.ToDictionary(argument => argument.Key, argument => (JsonElement)argument.Value!, StringComparer.Ordinal);
        return await client.CallAsync(new OpenApiRequest(tool, values, secrets).Build(endpoint, call), cancellationToken);
    }
}
