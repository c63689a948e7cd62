using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// A kernel function as the platform offers it. Semantic Kernel's own view of one prefixes the plugin's name and puts
/// defaults into descriptions; this one has the function's plain name and a schema of exactly the parameters a model
/// may fill. A parameter of type <see cref="ToolCallContext"/> is filled by the platform, as a token is.
/// </summary>
internal sealed class PluginFunction : AIFunction
{
    private static readonly Kernel NoServices = new();

    private readonly KernelFunction _function;
    private readonly Dictionary<string, Type> _offered;
    private readonly string? _contextParameter;

    public PluginFunction(KernelFunction function, MethodInfo method)
    {
        _function = function;
        var parameters = method.GetParameters();
        _offered = parameters.Where(IsOffered).ToDictionary(parameter => parameter.Name!, parameter => parameter.ParameterType);
        _contextParameter = parameters.FirstOrDefault(parameter => parameter.ParameterType == typeof(ToolCallContext))?.Name;
        JsonSchema = AIJsonUtilities.CreateFunctionJsonSchema(
            method,
            title: "",
            description: "",
            serializerOptions: ToolPlugins.Json,
            inferenceOptions: new AIJsonSchemaCreateOptions
            {
                IncludeParameter = IsOffered,
                TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true },
            });
    }

    public override string Name => _function.Name;

    public override string Description => _function.Description;

    public override JsonElement JsonSchema { get; }

    public override JsonSerializerOptions JsonSerializerOptions => ToolPlugins.Json;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var filled = new KernelArguments();
        foreach (var (name, value) in arguments)
        {
            filled[name] = value is JsonElement json && _offered.TryGetValue(name, out var type) ? Read(name, json, type) : value;
        }

        if (_contextParameter is not null && arguments.Context?.TryGetValue(typeof(ToolCallContext), out var context) is true)
        {
            filled[_contextParameter] = context;
        }

        var result = await _function.InvokeAsync(NoServices, filled, cancellationToken);
        return result.GetValue<object>();
    }

    private static object? Read(string name, JsonElement json, Type type)
    {
        try
        {
            return json.Deserialize(type, ToolPlugins.Json);
        }
        catch (JsonException exception)
        {
            // The schema allowed it, the type does not: an integer beyond 32 bits, say.
            throw new ToolException(
                $"The argument '{name}' has a value that its type cannot hold.", ToolErrorKind.InvalidArguments, exception);
        }
    }

    private static bool IsOffered(ParameterInfo parameter) =>
        parameter.ParameterType != typeof(ToolCallContext)
        && parameter.ParameterType != typeof(CancellationToken)
        && parameter.ParameterType != typeof(Kernel)
        && parameter.ParameterType != typeof(KernelArguments)
        && parameter.ParameterType != typeof(KernelFunction);
}
