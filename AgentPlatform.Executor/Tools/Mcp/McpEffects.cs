using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// The effect of a server's tool. The operator's word counts first. What the server says of itself counts only where the
/// operator vouches for it: a tool wrongly taken for <c>read</c> would be called side by side, repeated after a crash and
/// never wait for a person. <c>idempotentHint</c> promises what HTTP promises of PUT, that the same call again adds
/// nothing, and is worth the same: <c>idempotent</c>.
/// </summary>
internal static class McpEffects
{
    public static ToolEffect Of(Tool tool, McpServerDefinition server)
    {
        if (server.Effects.TryGetValue(tool.Name, out var stated))
        {
            return stated;
        }

        return server.TrustAnnotations switch
        {
            true when tool.Annotations?.ReadOnlyHint is true => ToolEffect.Read,
            true when tool.Annotations?.IdempotentHint is true => ToolEffect.Idempotent,
            _ => ToolEffect.Write,
        };
    }

    public static bool OnlyReads(ToolEffect effect) => effect is ToolEffect.Pure or ToolEffect.Read;
}
