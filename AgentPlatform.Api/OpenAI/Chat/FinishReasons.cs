using AgentPlatform.Api.Agent;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>Why an answer ends where it does, in OpenAI's words.</summary>
internal static class FinishReasons
{
    private const string Length = "length";
    private const string ContentFilter = "content_filter";

    public static string Of(AgentAnswer answer) => answer switch
    {
        { HandedOver: not null } => "tool_calls",
        { FinishReason: Length or ContentFilter } => answer.FinishReason,
        _ => "stop",
    };
}
