using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Tools;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Executor.Runs;

/// <summary>Short words for building runs in tests.</summary>
internal static class RunScript
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static AgentDefinition Agent(AgentLimits? limits = null, AgentApproval? approval = null, string? schema = null) => new()
    {
        Name = "tester",
        Version = "v1",
        Description = "For tests.",
        Instructions = "Today is {date}. You help {user}.",
        Limits = limits ?? new AgentLimits(),
        Approval = approval ?? new AgentApproval(),
        ResponseSchema = schema is null ? null : JsonElement.Parse(schema),
    };

    public static RunRules Rules(AgentDefinition? agent = null) =>
        new(agent ?? Agent(), [Tool("sum", ToolEffect.Pure), Tool("look", ToolEffect.Read), Tool("put", ToolEffect.Idempotent), Tool("send", ToolEffect.Write)]);

    public static AgentTool Tool(string name, ToolEffect effect) =>
        new(AIFunctionFactory.Create((string text) => text, name), effect, TimeSpan.FromSeconds(5), 1000);

    public static RunStarted Started(string question = "why?") => new()
    {
        Agent = "tester",
        AgentVersion = "v1",
        Question = question,
        TimeoutMs = 30_000,
        Executor = "executor-1",
    };

    public static ModelReplied Says(string text, string? limit = null) =>
        new() { Model = "m", Text = text, Usage = new Usage(10, 5, 0.001m, false), Limit = limit };

    public static ModelReplied Calls(params (string Id, string Tool)[] calls) => CallsWith([.. calls.Select(call => (call.Id, call.Tool, $$"""{"text":"{{call.Id}}"}"""))]);

    public static ModelReplied CallsWith(params (string Id, string Tool, string Arguments)[] calls) => new()
    {
        Model = "m",
        Text = "",
        ToolCalls = [.. calls.Select(call => new ToolCall(call.Id, call.Tool, call.Arguments))],
        Usage = new Usage(10, 5, 0.001m, false),
    };

    public static ToolStarted Begins(string id, string tool, ToolEffect effect) => new() { CallId = id, Tool = tool, Effect = effect };

    public static ToolReturned Returns(string id, string tool, string result = "ok", ToolErrorKind? error = null) =>
        new() { CallId = id, Tool = tool, Result = result, Error = error };

    public static RunResumed Resumed { get; } = new() { Epoch = 2, Executor = "executor-2" };

    /// <summary>Folds the events after numbering them.</summary>
    public static RunState Fold(params RunEvent[] events) =>
        RunState.Fold(events.Select((one, index) => one with { Seq = index + 1, At = Noon }));
}
