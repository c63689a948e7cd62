namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Something the built-in model can do with one tool.</summary>
internal interface ISkill
{
    /// <summary>The tool's name, without a plugin's prefix.</summary>
    string Tool { get; }

    /// <summary>Arguments of the call that the question wants; null when it wants none.</summary>
    /// <param name="attempt">1, or 2 after the first call failed: then other arguments, or null when there is no other way to ask.</param>
    Dictionary<string, object?>? Arguments(Conversation conversation, OfferedTool tool, int attempt);

    /// <summary>Whether a result is what the tool gives when it succeeds; a tool may report its failure in words of its own.</summary>
    bool IsUsable(ToolResult result);

    /// <summary>A sentence that gives a good result to the user.</summary>
    string Answer(Conversation conversation, ToolExchange exchange);
}
