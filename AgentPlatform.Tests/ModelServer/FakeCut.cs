namespace AgentPlatform.Tests.ModelServer;

/// <summary>How a reply ends too early.</summary>
public enum FakeCut
{
    None,

    /// <summary>Half of the reply, then the connection is reset.</summary>
    Reset,

    /// <summary>Half of the stream, then a regular end of the response without finish reason or <c>[DONE]</c>.</summary>
    CleanEnd,
}
