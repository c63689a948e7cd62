using System.Globalization;
using System.Text;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Mcp.Sessions;

/// <summary>A conversation as Markdown, oldest turn first.</summary>
internal static class SessionTranscript
{
    /// <param name="newest">The newest turns, newest first.</param>
    public static string Of(string sessionId, Page<TurnView> newest)
    {
        var text = new StringBuilder().Append("# Conversation ").Append(sessionId).Append('\n');
        if (newest.Next is not null)
        {
            text.Append("\nThe newest ").Append(newest.Items.Count).Append(" turns; GET /sessions/").Append(sessionId).Append("/turns has the earlier ones.\n");
        }

        foreach (var turn in newest.Items.Reverse())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {turn.Turn}. {turn.CreatedAt:yyyy-MM-dd HH:mm} UTC, {turn.Agent}{Label(turn)}\n\n");
            text.Append("**Question:** ").Append(turn.Question).Append("\n\n**Answer:** ").Append(turn.Answer ?? "none").Append('\n');
        }

        return text.ToString();
    }

    private static string Label(TurnView turn) =>
        turn.Degraded is { } level ? $", {level} answer"
        : turn.Cached ? ", cached answer"
        : turn.Status is RunStatus.Completed ? ""
        : $", {StatusWord(turn.Status)}";

    private static string StatusWord(RunStatus status) => status switch
    {
        RunStatus.TimedOut => "timed out",
        RunStatus.AwaitingApproval => "waits for a person's decision",
        RunStatus.OutcomeUnknown => "outcome unknown",
        _ => status.ToString().ToLowerInvariant(),
    };
}
