using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using AgentPlatform.Executor.Journal;

namespace AgentPlatform.Executor.Runs;

/// <summary>The row of <c>runs</c>: what lists and conversations read without opening the journal.</summary>
internal static class RunRows
{
    public static RunStart StartOf(RunStarted started, Guid owner) => new()
    {
        SessionId = started.SessionId,
        Turn = started.Turn,
        Agent = started.Agent,
        AgentVersion = started.AgentVersion,
        Question = started.Question,
        User = started.User,
        Metadata = started.Metadata is null ? null : JsonSerializer.Serialize(started.Metadata),
        Background = started.Background,
        Queued = started.Queued,
        // What belongs to no session nobody reads from the row.
        Brought = started is { SessionId: not null, Context.Messages: { Count: > 0 } messages } ? JsonSerializer.Serialize(messages, WireJson.Options) : null,
        RequestHash = started.RequestHash is { } hash ? Convert.FromHexString(hash) : null,
        Owner = owner,
        CreatedAt = started.At,
    };

    public static RunEnd EndOf(RunState state, RunEvent ending) => new()
    {
        Status = JsonNamingPolicy.SnakeCaseLower.ConvertName(state.Status.ToString()),
        Answer = (ending as RunCompleted)?.Answer,
        Model = state.LastReply?.Model,
        Iterations = state.Iterations,
        InputTokens = state.Usage.InputTokens,
        OutputTokens = state.Usage.OutputTokens,
        CostUsd = state.Usage.CostUsd,
        CachedFrom = (ending as RunCompleted)?.SourceRunId,
        HandedOver = ending is RunCompleted { HandedOver: { } calls } ? JsonSerializer.Serialize(calls, WireJson.Options) : null,
        FinishedAt = ending.At,
    };
}
