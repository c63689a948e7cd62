using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>One generated run and what happens to the processes that work on it.</summary>
/// <param name="Denying">Thirds of the calls a person denies.</param>
/// <param name="OneByOne">Each decision comes alone.</param>
internal sealed record Scenario(
    ScriptedStep[] Steps, AgentLimits Limits, AgentApproval Approval, int Denying, bool OneByOne, Fault[] Faults)
{
    public Scenario Undisturbed => this with { Faults = [] };

    public bool Approves(string callId) => callId.Sum(character => character) % 3 >= Denying;

    public override string ToString() => $"""
        steps: {string.Join("; ", Steps.AsEnumerable())}
        limits: iterations {Limits.MaxIterations}, calls {Limits.MaxToolCalls}, repeated {Limits.MaxRepeatedCalls}, tokens {Limits.MaxTotalTokens}
        approval: {string.Join(",", Approval.Effects)} {string.Join(",", Approval.Tools)} denying {Denying} {(OneByOne ? "one by one" : "together")}
        faults: {string.Join("; ", Faults.AsEnumerable())}
        """;
}
