using System.Runtime.CompilerServices;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// The rules of each agent version, made once, and again after tools came or went: a run keeps the tools it began with, the next one has those
/// that are there then.
/// </summary>
internal sealed partial class RunRulesCatalogue(AgentCatalogue agents, ToolCatalogue tools, ILogger<RunRulesCatalogue> logger)
{
    /// <summary>Stands for a definition that is gone; compared by reference.</summary>
    private static readonly string Missing = new('?', 1);

    private readonly ConditionalWeakTable<AgentDefinition, Made> _rules = [];

    public RunRules For(AgentDefinition agent)
    {
        var made = _rules.GetValue(agent, Create);
        if (made.Generation != tools.Generation)
        {
            made = Create(agent);
            _rules.AddOrUpdate(agent, made);
        }

        return made.Rules;
    }

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

    private Made Create(AgentDefinition agent)
    {
        // Read first: a change in between makes the rules again.
        var generation = tools.Generation;
        var (found, missing) = tools.Resolve(agent);
        if (missing.Count > 0)
        {
            LogMissing(agent.Name, string.Join(", ", missing));
        }

        return new Made(new RunRules(agent, found, missing), generation);
    }

    [LoggerMessage(Level = LogLevel.Warning, EventName = "tools_missing", Message = "Agent {Agent} goes without tools that are not there now: {Tools}")]
    private partial void LogMissing(string agent, string tools);

    private sealed record Made(RunRules Rules, int Generation);
}
