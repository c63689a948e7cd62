using System.Text.Json;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Responses before they have an answer.</summary>
internal static class ResponseBodies
{
    private static readonly JsonElement PlainText = JsonElement.Parse("""{"format":{"type":"text"}}""");
    private static readonly JsonElement NoTools = JsonElement.Parse("[]");
    private static readonly JsonElement AutoChoice = JsonElement.Parse("\"auto\"");

    /// <summary>As its run began.</summary>
    public static ResponseBody Of(Guid runId, RunStarted started)
    {
        var body = Of(runId, ResponseEcho.Read(started.Echo) ?? new ResponseEcho(), started.Agent, started.User, started.Metadata, started.At);
        return body with { Background = started.Background, Status = started.Queued ? ResponseStatuses.Queued : ResponseStatuses.InProgress };
    }

    public static ResponseBody Of(
        Guid runId, ResponseEcho echo, string agent, string? user, IReadOnlyDictionary<string, string>? metadata, DateTimeOffset at) => new()
        {
            Id = ResponseIds.Of(runId),
            CreatedAt = at.ToUnixTimeSeconds(),
            Status = ResponseStatuses.InProgress,
            Background = false,
            Instructions = echo.Instructions,
            MaxOutputTokens = echo.MaxOutputTokens,
            Model = agent,
            ParallelToolCalls = echo.ParallelToolCalls ?? true,
            PreviousResponseId = echo.PreviousResponseId,
            Store = echo.IsStored,
            Temperature = echo.Temperature,
            Text = echo.Text ?? PlainText,
            ToolChoice = echo.ToolChoice ?? AutoChoice,
            Tools = echo.Tools ?? NoTools,
            TopP = echo.TopP,
            Truncation = echo.Truncation ?? "disabled",
            User = user,
            Metadata = metadata ?? new Dictionary<string, string>(),
        };
}
