namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>A response is a run by another name: <c>resp_</c> and the run's id, which is also the name of the conversation that begins, or forks, with it. Ids of items follow from it.</summary>
internal static class ResponseIds
{
    private const string Prefix = "resp_";

    public static string Of(Guid runId) => Prefix + runId.ToString("N");

    /// <summary>The <paramref name="index"/>th item the run put out.</summary>
    public static string Message(Guid runId, int index) => $"msg_{runId:N}_{index}";

    /// <summary>The same where the item is a call of a tool at the caller's.</summary>
    public static string Call(Guid runId, int index) => $"fc_{runId:N}_{index}";

    /// <summary>The <paramref name="index"/>th item it was asked with.</summary>
    public static string Input(Guid runId, int index) => $"msg_{runId:N}_in{index}";

    /// <returns>False for what <see cref="Of"/> never gives.</returns>
    public static bool TryParse(string? id, out Guid runId)
    {
        runId = default;
        return id is not null && id.StartsWith(Prefix, StringComparison.Ordinal)
            && Guid.TryParseExact(id.AsSpan(Prefix.Length), "N", out runId) && id == Of(runId);
    }
}
