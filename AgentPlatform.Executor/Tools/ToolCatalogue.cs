using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.OpenApi;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// Every tool of this executor, built once from the registered plugins and the configuration. Two tools of one name, or a name a model could
/// not be offered, end the start: which of two a model would reach must not depend on the order of registration.
/// </summary>
internal sealed partial class ToolCatalogue
{
    private readonly FrozenDictionary<string, AgentTool> _tools;
    private readonly FrozenDictionary<string, AITool> _declarations;

    private readonly OpenApiTools? _openApi;

    /// <param name="http">Tools of the configuration; null when there are none.</param>
    /// <param name="openApi">Makes tools of the operations that agents bring along; null when none does.</param>
    public ToolCatalogue(IServiceProvider services, IEnumerable<ToolPlugin> plugins, HttpToolSet? http = null, OpenApiTools? openApi = null)
    {
        _openApi = openApi;
        var tools = new Dictionary<string, AgentTool>(StringComparer.Ordinal);
        var homes = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = plugins.Select(plugin => plugin.Type).Distinct()
            .SelectMany(type => ToolsOf(type, services), (type, tool) => (Home: type.Name, Tool: tool))
            .Concat((http?.All ?? []).Select(tool => (Home: HttpToolsOptions.Section, Tool: tool)));
        foreach (var (home, tool) in found)
        {
            if (!IsName(tool.Name))
            {
                throw new InvalidOperationException(
                    $"The tool name '{tool.Name}' in {home} is not one models accept. Use 1 to 64 of A-Z, a-z, 0-9, _ and -.");
            }

            if (!tools.TryAdd(tool.Name, tool))
            {
                var remedy = home == HttpToolsOptions.Section ? "Rename the one in the configuration." : "Rename one in its [KernelFunction].";
                throw new InvalidOperationException($"The tool '{tool.Name}' is in both {homes[tool.Name]} and {home}. {remedy}");
            }

            homes.Add(tool.Name, home);
        }

        _tools = tools.ToFrozenDictionary(StringComparer.Ordinal);
        _declarations = tools.ToFrozenDictionary(pair => pair.Key, AITool (pair) => pair.Value.Function.AsDeclarationOnly(), StringComparer.Ordinal);
        All = [.. tools.Values.OrderBy(tool => tool.Name, StringComparer.Ordinal)];
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<AgentTool> All { get; }

    public static bool IsName(string name) => ToolName().IsMatch(name);

    /// <summary>All an agent may call: of the catalogue what it names, as far as that is there, and the operations of its own documents.</summary>
    public IReadOnlyList<AgentTool> Of(AgentDefinition agent) =>
    [
        .. agent.Tools.Select(Find).OfType<AgentTool>(),
        .. (agent.OpenApi ?? []).Select(tool => _openApi?.ToolOf(tool)).OfType<AgentTool>(),
    ];

    public AgentTool? Find(string name) => _tools.GetValueOrDefault(name);

    /// <summary>
    /// What a model is offered: name, description and schema without anything to invoke, so that no client can run a
    /// call before its intent is in the journal. Unknown names are left out.
    /// </summary>
    public IReadOnlyList<AITool> Declare(IEnumerable<string> names) =>
        [.. names.Select(name => _declarations.GetValueOrDefault(name)).OfType<AITool>()];

    private static IEnumerable<AgentTool> ToolsOf(Type type, IServiceProvider services)
    {
        var plugin = KernelPluginFactory.CreateFromObject(services.GetRequiredService(type), ToolPlugins.Json, type.Name);
        foreach (var function in plugin)
        {
            var method = function.UnderlyingMethod
                ?? throw new InvalidOperationException($"The kernel function '{function.Name}' of {type.Name} has no method.");
            var declared = method.GetCustomAttribute<ToolEffectAttribute>() ?? new ToolEffectAttribute(ToolEffect.Write);
            yield return new AgentTool(
                new PluginFunction(function, method),
                declared.Effect,
                TimeSpan.FromSeconds(declared.DeadlineSeconds),
                declared.MaxResultLength);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
