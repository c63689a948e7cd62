namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>How a response, or an item of one, stands.</summary>
internal static class ResponseStatuses
{
    public const string Queued = "queued";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Incomplete = "incomplete";

    public static bool IsFinal(string status) => status is not (Queued or InProgress);
}
