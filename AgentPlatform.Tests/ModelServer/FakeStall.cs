namespace AgentPlatform.Tests.ModelServer;

/// <summary>Where a reply gets stuck, until the client gives up or the server is disposed.</summary>
public enum FakeStall
{
    None,

    /// <summary>The request is read and nothing comes back.</summary>
    BeforeHeaders,

    /// <summary>Status and headers arrive, no body.</summary>
    AfterHeaders,

    /// <summary>Half of the stream arrives.</summary>
    MidStream,
}
