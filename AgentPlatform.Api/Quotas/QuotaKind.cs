namespace AgentPlatform.Api.Quotas;

/// <summary>Why a request was refused.</summary>
internal enum QuotaKind
{
    /// <summary>The caller has asked too often.</summary>
    Requests,

    /// <summary>The tenant has too much under way.</summary>
    Concurrent,

    /// <summary>Nobody could count it.</summary>
    Outage,
}
