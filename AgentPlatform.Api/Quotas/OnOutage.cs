namespace AgentPlatform.Api.Quotas;

/// <summary>What becomes of requests that Redis cannot count.</summary>
internal enum OnOutage
{
    /// <summary>Each process counts for itself.</summary>
    Open,

    /// <summary>They are refused with 503.</summary>
    Closed,
}
