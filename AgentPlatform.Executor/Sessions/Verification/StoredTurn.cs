namespace AgentPlatform.Executor.Sessions.Verification;

/// <summary>One turn as it is stored: its row, and its appends.</summary>
/// <param name="IsAlive">Its executor is alive.</param>
/// <param name="Appends">Events of each append by the sequence of its first.</param>
internal sealed record StoredTurn(
    Guid RunId,
    int Turn,
    string Status,
    string? Answer,
    bool IsDegraded,
    string? Model,
    int Iterations,
    long InputTokens,
    long OutputTokens,
    decimal? CostUsd,
    DateTimeOffset? FinishedAt,
    bool IsAlive,
    List<(long FirstSeq, string Events)> Appends)
{
    /// <summary>By the row.</summary>
    public bool IsOpen => FinishedAt is null;
}
