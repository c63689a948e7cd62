using System.Runtime.CompilerServices;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Runs;

/// <summary>The rules of each agent version, made once.</summary>
internal sealed class RunRulesCatalogue(AgentCatalogue agents, ToolCatalogue tools)
{
    /// <summary>Stands for a definition that is gone; compared by reference.</summary>
    private static readonly string Missing = new('?', 1);

    private readonly ConditionalWeakTable<AgentDefinition, RunRules> _rules = [];

    public RunRules For(AgentDefinition agent) => _rules.GetValue(agent, Create);

    /// <summary>Rules of the version a run began with, whatever the files say by now.</summary>
    /// <returns>Rules without anything to go on with, see <see cref="IsMissing"/>, when the version is stored nowhere.</returns>
    public async ValueTask<RunRules> VersionAsync(string name, string version, CancellationToken cancellationToken)
    {
        var agent = agents.FindVersion(name, version)
            ?? await agents.LoadVersionAsync(name, version, cancellationToken)
            ?? new AgentDefinition { Name = name, Version = version, Description = "", Instructions = Missing };
        return For(agent);
    }

    public static bool IsMissing(RunRules rules) => ReferenceEquals(rules.Agent.Instructions, Missing);

    private RunRules Create(AgentDefinition agent) => new(agent, tools.Of(agent));
}
