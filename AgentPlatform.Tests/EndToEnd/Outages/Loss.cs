namespace AgentPlatform.Tests.EndToEnd.Outages;

/// <summary>How something is lost.</summary>
public enum Loss
{
    /// <summary>It is there and says nothing any more.</summary>
    Hangs,

    /// <summary>It is not there.</summary>
    Gone,
}
