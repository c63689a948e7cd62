using System.Runtime.CompilerServices;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Runs;

/// <summary>The rules of each agent version, made once.</summary>
internal sealed class RunRulesCatalogue(AgentCatalogue agents, ToolCatalogue tools)
{
    private readonly ConditionalWeakTable<AgentDefinition, RunRules> _rules = [];

    public RunRules For(AgentDefinition agent) => _rules.GetValue(agent, Create);

    /// <summary>Rules of the version a run began with, whatever the files say by now.</summary>
    /// <exception cref="InvalidOperationException">The version is neither in memory nor in the database.</exception>
    public async ValueTask<RunRules> VersionAsync(string name, string version, CancellationToken cancellationToken)
    {
        var agent = agents.FindVersion(name, version)
            ?? await agents.LoadVersionAsync(name, version, cancellationToken)
            ?? throw new InvalidOperationException($"Version {version} of agent '{name}' is not stored.");
        return For(agent);
    }

    private RunRules Create(AgentDefinition agent) =>
        new(agent, [.. agent.Tools.Select(tools.Find).OfType<AgentTool>()]);
}
