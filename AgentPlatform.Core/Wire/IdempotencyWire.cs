namespace AgentPlatform.Core.Wire;

/// <summary>
/// <c>POST executor/idempotency/claim</c>: which run a caller's key stands for. The run id is the API's proposal; the first one stays, so that every
/// repetition reaches the same run.
/// </summary>
/// <param name="Route">Scope of the key, for example <c>POST /runs</c>.</param>
/// <param name="Key">The caller's <c>Idempotency-Key</c>.</param>
/// <param name="BodyHash">SHA-256 of the parsed body, lower-case hex.</param>
/// <param name="RunId">Taken when the key is new.</param>
public sealed record IdempotencyClaim(string Route, string Key, string BodyHash, Guid RunId);

/// <summary><c>POST executor/idempotency/settle</c>: the answer that is about to be delivered. The first one stays.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body as text, byte for byte what a repetition gets.</param>
public sealed record IdempotencySettlement(string Route, string Key, Guid RunId, int Status, string Body);

/// <summary><c>POST executor/idempotency/release</c>: the request was refused, so the key is free again; only while nothing was delivered.</summary>
public sealed record IdempotencyRelease(string Route, string Key, Guid RunId);

/// <summary>How a key stands.</summary>
/// <param name="RunId">The run of the key.</param>
/// <param name="IsNew">This claim is the first.</param>
/// <param name="OtherBody">The key came with another body before.</param>
/// <param name="Status">HTTP status of the first delivered answer; null while none was.</param>
/// <param name="Body">Body of the first delivered answer.</param>
public sealed record IdempotencyStanding(Guid RunId, bool IsNew = false, bool OtherBody = false, int? Status = null, string? Body = null);
