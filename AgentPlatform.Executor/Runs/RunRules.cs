using System.Runtime.CompilerServices;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Runs;

/// <summary>
/// What a run does next, as a pure function of its state: the same after a crash as before it. One instance per agent
/// version and set of tools.
/// </summary>
/// <param name="missing">What the agent lists and cannot have now.</param>
internal sealed class RunRules(AgentDefinition agent, IReadOnlyList<AgentTool> tools, IReadOnlyList<string>? missing = null)
{
    public const string MaxIterations = "max_iterations";

    /// <summary>Replies without text and without calls, or that do not fit the schema, before giving up.</summary>
    private const int MaxUnusableReplies = 2;

    /// <summary>Schemas that callers brought, compiled once for each run.</summary>
    private static readonly ConditionalWeakTable<CallerContext, OutputSchema> Brought = [];

    private readonly OutputSchema? _schema = agent.ResponseSchema is { } schema ? new OutputSchema(schema) : null;
    private readonly Dictionary<string, AgentTool> _offered = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);

    public AgentDefinition Agent => agent;

    public bool Offers(string tool) => _offered.ContainsKey(tool);

    /// <summary>What the model is offered; nothing else ever runs.</summary>
    public IReadOnlyList<AgentTool> Tools => tools;

    /// <summary>The agent has to do without something it lists.</summary>
    public bool IsShort => missing is { Count: > 0 };

    /// <summary>The same as declarations: the chat client cannot call them, so every call comes back to the loop.</summary>
    public IReadOnlyList<AITool> Declarations { get; } = [.. tools.Select(tool => tool.Function.AsDeclarationOnly())];

    public NextAction Next(RunState state)
    {
        if (state.Ending is not null)
        {
            return new NextAction.Stop();
        }

        if (state.Calls.FirstOrDefault(call => call.Result?.Error == ToolErrorKind.OutcomeUnknown) is { } unknown)
        {
            return new NextAction.GiveUp(
                FailureReason.OutcomeUnknown,
                $"'{unknown.Call.Tool}' broke off; whether it took effect is not known. It was not repeated.");
        }

        var pending = state.PendingCalls.ToList();
        if (pending.Count > 0)
        {
            return NextOf(pending, state);
        }

        return state.LastReply switch
        {
            null => new NextAction.CallModel(LimitReached(state)),
            { HandedOver: { } calls } reply => new NextAction.Complete(reply.Text, OutputCheck.Free, null, calls),
            { ToolCalls.Count: > 0, Limit: null } => new NextAction.CallModel(LimitReached(state)),
            var reply => NextAfterText(reply, state),
        };
    }

    /// <param name="context">What the caller of the run brought: its schema takes the place of the agent's.</param>
    public OutputCheck CheckOutput(string answer, CallerContext? context)
    {
        var schema = context?.ResponseSchema is { } brought ? Brought.GetValue(context, _ => new OutputSchema(brought)) : _schema;
        return schema?.Check(answer) ?? OutputCheck.Free;
    }

    private NextAction NextAfterText(ModelReplied reply, RunState state)
    {
        var empty = string.IsNullOrWhiteSpace(reply.Text);
        var output = empty ? OutputCheck.Free : CheckOutput(reply.Text, state.Started?.Context);
        if (!empty && output.Problem is null)
        {
            return new NextAction.Complete(reply.Text, output, reply.Limit);
        }

        if (reply.Limit is not null)
        {
            return new NextAction.GiveUp(FailureReason.Limit, $"The run reached its limit ({reply.Limit}) without an answer.");
        }

        var unusable = state.Replies.Reverse().TakeWhile(earlier => earlier.ToolCalls.Count == 0).Count();
        if (unusable < MaxUnusableReplies)
        {
            return new NextAction.CallModel(LimitReached(state));
        }

        return new NextAction.GiveUp(FailureReason.ModelError, empty ? "The model gave no answer." : "The model's answer does not fit the response schema.");
    }

    private NextAction NextOf(List<CallState> pending, RunState state)
    {
        var first = pending[0];
        if (first is { Interrupted: true, Effect: ToolEffect.Write })
        {
            return new NextAction.GiveUp(
                FailureReason.OutcomeUnknown,
                $"The run was interrupted while '{first.Call.Tool}' was at work; whether it took effect is not known. It was not repeated.");
        }

        // A call that has begun is finished whatever the limits say by now.
        if (first.Effect is null && CallLimitReached(state) is { } limit)
        {
            return new NextAction.AnswerCalls(
                [.. pending.Where(call => call.Effect is null)
                    .Select(call => new SyntheticResult(call.Call, ToolErrorKind.Limit, $"Not called: the run reached its limit ({limit})."))]);
        }

        if (first.Denied)
        {
            return new NextAction.AnswerCalls([new SyntheticResult(first.Call, ToolErrorKind.Denied, "Not called: a person denied it.")]);
        }

        if (!_offered.TryGetValue(first.Call.Tool, out var tool))
        {
            return new NextAction.AnswerCalls([WithoutTool(first)]);
        }

        if (NeedsApproval(tool, state) && first.Approved is null)
        {
            return new NextAction.AwaitApproval([.. pending.TakeWhile(call => IsAwaited(call, state))]);
        }

        return new NextAction.CallTools(IsParallel(tool) ? [.. pending.TakeWhile(call => RunsBeside(call, state)).Select(Plan)] : [Plan(first)]);
    }

    private bool IsAwaited(CallState call, RunState state) =>
        call.Approved is null && _offered.TryGetValue(call.Call.Tool, out var tool) && NeedsApproval(tool, state);

    private bool RunsBeside(CallState call, RunState state) =>
        _offered.TryGetValue(call.Call.Tool, out var tool)
        && IsParallel(tool)
        && (!NeedsApproval(tool, state) || call.Approved == true);

    private PlannedCall Plan(CallState call) => new(call.Call, _offered[call.Call.Tool], call.Effect is not null);

    private static bool IsParallel(AgentTool tool) => tool.Effect is ToolEffect.Pure or ToolEffect.Read;

    private bool NeedsApproval(AgentTool tool, RunState state) => AlwaysNeedsApproval(tool) || (IsContained(state) && !IsParallel(tool));

    /// <summary>Why a call has to wait for a person; null when the agent's file asks for it.</summary>
    public string? ApprovalCause(string name) => AlwaysNeedsApproval(_offered[name]) ? null : ApprovalRequested.UntrustedContent;

    /// <summary>Who wrote what the model has seen is not known: it may be told what to change by it.</summary>
    private bool IsContained(RunState state) => state.Untrusted && agent.Approval.AfterUntrusted == AfterUntrusted.Ask;

    private bool AlwaysNeedsApproval(AgentTool tool) =>
        agent.Approval.Tools.Any(listed => McpNames.Covers(listed, tool.Name)) || agent.Approval.Effects.Contains(tool.Effect);

    private SyntheticResult WithoutTool(CallState call)
    {
        var name = call.Call.Tool;
        if (call.Effect is not null)
        {
            var doubt = call.Effect == ToolEffect.Idempotent ? " Whether it took effect is not known." : "";
            return new SyntheticResult(call.Call, ToolErrorKind.Interrupted, $"'{name}' was interrupted, and is not there any more.{doubt}");
        }

        return missing?.Any(listed => McpNames.Covers(listed, name)) is true
            ? new SyntheticResult(call.Call, ToolErrorKind.Failed, $"Not called: '{name}' is not there at the moment. Go on without it.")
            : new SyntheticResult(call.Call, ToolErrorKind.UnknownTool, UnknownTool(name));
    }

    private string UnknownTool(string name) => _offered.Count == 0
        ? $"There is no tool '{name}'; no tools are available. Answer without tools."
        : $"There is no tool '{name}'. Available: {string.Join(", ", _offered.Keys)}.";

    /// <summary>The limit that makes the next model call the last one; null while there is room.</summary>
    private string? LimitReached(RunState state)
    {
        if (state.Iterations >= agent.Limits.MaxIterations)
        {
            return MaxIterations;
        }

        var bounds = RunBounds.Of(agent.Limits, state.Started);
        if (bounds.MaxTotalTokens is { } tokens && state.Usage.TotalTokens >= tokens)
        {
            return "max_total_tokens";
        }

        if (bounds.MaxCostUsd is { } cost && state.Usage.CostUsd >= cost)
        {
            return "max_cost_usd";
        }

        return CallLimitReached(state);
    }

    private string? CallLimitReached(RunState state)
    {
        if (state.Calls.Length > agent.Limits.MaxToolCalls)
        {
            return "max_tool_calls";
        }

        var repeated = state.Calls
            .GroupBy(call => (call.Call.Tool, call.Call.Arguments))
            .Any(same => same.Count() > agent.Limits.MaxRepeatedCalls);
        return repeated ? "max_repeated_calls" : null;
    }
}
