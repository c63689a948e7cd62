using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using CsCheck;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>Generators of scenarios. Every part of a run can meet every fault, several times.</summary>
internal static class Scenarios
{
    private static readonly Gen<ScriptedCall> Call = Gen.Select(
        Gen.Frequency(
            (3, CountingTools.Pure), (3, CountingTools.Read), (4, CountingTools.Idempotent), (4, CountingTools.Write), (1, "nobody")),
        Gen.Frequency(
            (14, Behaviour.Works), (1, Behaviour.Throws), (2, Behaviour.Refuses), (1, Behaviour.DoesNotFit), (1, Behaviour.Malformed)),
        Gen.Int[0, 4],
        (tool, behaviour, number) => new ScriptedCall(tool, behaviour, number));

    private static readonly Gen<ScriptedStep> Step = Gen.Select(
        Gen.Frequency((20, StepKind.Calls), (1, StepKind.Silent), (2, StepKind.FallsBack), (1, StepKind.Fails)),
        Call.Array[1, 4],
        (kind, calls) => new ScriptedStep(kind, calls));

    private static readonly Gen<AgentLimits> Limits = Gen.Frequency(
        (3, Gen.Const(new AgentLimits())),
        (1, Gen.Select(Gen.Int[1, 3], Gen.Int[1, 6], Gen.Int[1, 2], Gen.OneOf<long?>(null, null, 300), (iterations, calls, repeated, tokens) =>
            new AgentLimits { MaxIterations = iterations, MaxToolCalls = calls, MaxRepeatedCalls = repeated, MaxTotalTokens = tokens })));

    private static readonly Gen<AgentApproval> Approval = Gen.Frequency(
        (5, new AgentApproval()),
        (2, new AgentApproval { Effects = [ToolEffect.Write] }),
        (1, new AgentApproval { Effects = [ToolEffect.Idempotent, ToolEffect.Write] }),
        (1, new AgentApproval { Tools = [CountingTools.Pure, CountingTools.Write] }));

    private static readonly Gen<Fault> Fault = Gen.Select(
        Gen.Frequency((6, FaultKind.Kill), (4, FaultKind.Hang), (1, FaultKind.LoseAcknowledgement), (1, FaultKind.TimeUp)),
        Gen.Int[0, 14],
        Gen.Int[0, 8],
        Gen.Bool,
        (kind, after, wakes, renews) => new Fault(kind, after, wakes, renews));

    public static Gen<Scenario> Any { get; } = Gen.Select(
        Step.Array[0, 4],
        Limits,
        Approval,
        Gen.Int[0, 2],
        Gen.Bool,
        Fault.Array[1, 4],
        (steps, limits, approval, denying, oneByOne, faults) => new Scenario(steps, limits, approval, denying, oneByOne, faults));
}
