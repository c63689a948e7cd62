using System.Collections.Frozen;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools.Assemblies;
using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Executor.Tools.OpenApi;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools;

/// <summary>
/// Every tool of this executor: those built once from the registered plugins and the configuration, and those that MCP servers offer at the moment.
/// Two tools of one name, or a name a model could not be offered, end the start: which of two a model would reach must not depend on the order of
/// registration.
/// </summary>
internal sealed partial class ToolCatalogue
{
    private readonly FrozenDictionary<string, AgentTool> _tools;
    private readonly FrozenDictionary<string, AITool> _declarations;
    private readonly Dictionary<string, string> _homes = new(StringComparer.Ordinal);
    private readonly McpServers? _servers;

    private readonly OpenApiTools? _openApi;

    /// <param name="http">Tools of the configuration; null when there are none.</param>
    /// <param name="servers">MCP servers; null when there are none.</param>
    /// <param name="assemblies">Plugins in assemblies that the configuration names; null when there are none.</param>
    /// <param name="openApi">Makes tools of the operations that agents bring along; null when none does.</param>
    public ToolCatalogue(
        IServiceProvider services, IEnumerable<ToolPlugin> plugins, HttpToolSet? http = null, McpServers? servers = null, PluginAssemblies? assemblies = null,
        OpenApiTools? openApi = null)
    {
        _servers = servers;
        _openApi = openApi;
        var tools = new Dictionary<string, AgentTool>(StringComparer.Ordinal);
        var found = plugins.DistinctBy(plugin => plugin.Type).Concat(assemblies?.Load() ?? [])
            .SelectMany(plugin => ToolsOf(plugin, services), (plugin, tool) => (Home: plugin.Home ?? plugin.Type.Name, Tool: tool))
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
                throw new InvalidOperationException($"The tool '{tool.Name}' is in both {_homes[tool.Name]} and {home}. {remedy}");
            }

            if (servers?.Configured.FirstOrDefault(server => server.Name == McpNames.ServerOf(tool.Name)) is { } owner)
            {
                throw new InvalidOperationException(
                    $"The tool '{tool.Name}' in {home} has a name that belongs to the MCP server of {owner.Source}. Rename one of them.");
            }

            _homes.Add(tool.Name, home);
        }

        _tools = tools.ToFrozenDictionary(StringComparer.Ordinal);
        _declarations = tools.ToFrozenDictionary(pair => pair.Key, AITool (pair) => pair.Value.Function.AsDeclarationOnly(), StringComparer.Ordinal);
        All = [.. tools.Values.OrderBy(tool => tool.Name, StringComparer.Ordinal)];
    }

    /// <summary>After tools of MCP servers came, went or changed.</summary>
    public event Action? Changed
    {
        add => _servers?.Changed += value;
        remove => _servers?.Changed -= value;
    }

    /// <summary>Those that are always there, by name.</summary>
    public IReadOnlyList<AgentTool> All { get; }

    /// <summary>Grows with each change of what MCP servers offer.</summary>
    public int Generation => _servers?.Generation ?? 0;

    /// <summary>Null when there are none, which is not so in an executor.</summary>
    public McpServers? Servers => _servers;

    public static bool IsName(string name) => ToolName().IsMatch(name);

    /// <summary>The tool of this name, if it is there now.</summary>
    public AgentTool? Find(string name) => _tools.GetValueOrDefault(name) ?? _servers?.Tool(name);

    /// <summary>The tools behind what an agent lists and the operations of its documents, as they are now, and what of them is not there.</summary>
    public ResolvedTools Resolve(AgentDefinition agent)
    {
        var (tools, missing) = Resolve(agent.Tools);
        var operations = (agent.OpenApi ?? []).Select(operation => _openApi?.ToolOf(operation)).OfType<AgentTool>().ToList();
        return operations.Count == 0 ? new ResolvedTools(tools, missing) : new ResolvedTools([.. tools, .. operations], missing);
    }

    /// <summary>The tools of these names, and the names that stand for none now.</summary>
    public ResolvedTools Resolve(IReadOnlyList<string> listed)
    {
        var tools = new Dictionary<string, AgentTool>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var name in listed)
        {
            if (McpNames.IsAll(name))
            {
                var offer = _servers?.Find(McpNames.ServerOf(name) ?? "")?.Offer ?? McpOffer.Down;
                foreach (var tool in offer.Tools)
                {
                    tools.TryAdd(tool.Name, tool);
                }

                missing.AddRange(offer.IsUp ? offer.Pending.Select(tool => tool.Name) : [name]);
            }
            else if (Find(name) is { } tool)
            {
                tools.TryAdd(name, tool);
            }
            else
            {
                missing.Add(name);
            }
        }

        return new ResolvedTools([.. tools.Values], missing);
    }

    /// <summary>Those that are always there, as people may see them.</summary>
    public IEnumerable<ToolView> View() => All.Select(tool => new ToolView
    {
        Name = tool.Name,
        Description = tool.Description,
        Effect = tool.Effect,
        Source = _homes[tool.Name],
        Status = ToolStatus.Available,
        Schema = tool.Schema,
    });

    /// <summary>
    /// What a model is offered: name, description and schema without anything to invoke, so that no client can run a
    /// call before its intent is in the journal. Unknown names are left out.
    /// </summary>
    public IReadOnlyList<AITool> Declare(IEnumerable<string> names) =>
        [.. names.Select(name => _declarations.GetValueOrDefault(name)).OfType<AITool>()];

    private static IEnumerable<AgentTool> ToolsOf(ToolPlugin plugin, IServiceProvider services)
    {
        var instance = plugin.Make?.Invoke() ?? services.GetRequiredService(plugin.Type);
        foreach (var function in KernelPluginFactory.CreateFromObject(instance, ToolPlugins.Json, plugin.Type.Name))
        {
            var method = function.UnderlyingMethod
                ?? throw new InvalidOperationException($"The kernel function '{function.Name}' of {plugin.Type.Name} has no method.");
            var declared = method.GetCustomAttribute<ToolEffectAttribute>() ?? new ToolEffectAttribute(ToolEffect.Write);
            yield return new AgentTool(
                new PluginFunction(function, method),
                declared.Effect,
                TimeSpan.FromSeconds(declared.DeadlineSeconds),
                declared.MaxResultLength,
                declared.Untrusted);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex ToolName();
}
