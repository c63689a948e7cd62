namespace AgentPlatform.Executor.Tools.Http;

/// <summary>
/// The header by which a server knows a repeated call: <c>Idempotency-Key: run_id:call_id</c>, the same for every attempt
/// of a call, also after a crash and on another executor. Every HTTP tool sends it, whatever its effect.
/// </summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    /// <summary>A call's id is the model's word: what a header cannot hold is percent-encoded.</summary>
    public static void Add(HttpRequestMessage request, ToolCallContext call) =>
        request.Headers.TryAddWithoutValidation(Name, $"{call.RunId}:{Uri.EscapeDataString(call.CallId)}");
}
