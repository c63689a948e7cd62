using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools;

/// <summary>A tool an agent may call: a Semantic Kernel function with what the platform needs to know of it.</summary>
/// <param name="Function">What runs; its name, description and JSON schema are what the model is offered.</param>
/// <param name="Effect">What it does to the world.</param>
/// <param name="Deadline">Total time of one call.</param>
/// <param name="MaxResultLength">Cap of the result, UTF-16 code units; longer results are cut and say so.</param>
/// <param name="Untrusted">Anybody may have written what it returns.</param>
internal sealed record AgentTool(AIFunction Function, ToolEffect Effect, TimeSpan Deadline, int MaxResultLength, bool Untrusted = false)
{
    public string Name => Function.Name;

    public string Description => Function.Description;

    public JsonElement Schema => Function.JsonSchema;
}
