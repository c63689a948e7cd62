using AgentPlatform.Executor.Tools;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>A tool of each effect; what it does is its process's to count.</summary>
internal static class CountingTools
{
    public const string Pure = "sum";
    public const string Read = "look";
    public const string Idempotent = "put";
    public const string Write = "send";

    /// <summary>Stands before the id of the call at the end of each result.</summary>
    public const string ResultOf = " is the result of ";

    public static IReadOnlyList<AgentTool> All { get; } =
        [Create(Pure, ToolEffect.Pure), Create(Read, ToolEffect.Read), Create(Idempotent, ToolEffect.Idempotent), Create(Write, ToolEffect.Write)];

    private static AgentTool Create(string name, ToolEffect effect) => new(
        AIFunctionFactory.Create(
            (string text, AIFunctionArguments arguments) =>
                RunProcess.Current.MakeAsync(name, effect, text, (ToolCallContext)arguments.Context![typeof(ToolCallContext)]!),
            name),
        effect,
        TimeSpan.FromSeconds(30),
        MaxResultLength: 1_000);
}
