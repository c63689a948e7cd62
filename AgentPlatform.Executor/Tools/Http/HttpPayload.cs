namespace AgentPlatform.Executor.Tools.Http;

/// <summary>The body of a request.</summary>
internal sealed record HttpPayload(ReadOnlyMemory<byte> Bytes, string MediaType);
