namespace AgentPlatform.Api.Quotas;

/// <summary>How a request was counted, by Redis or by this process.</summary>
/// <param name="Refused">Null: it may go on.</param>
/// <param name="Ahead">Until the caller's bucket is full again.</param>
/// <param name="Wait">Until the caller may ask again; of a refusal.</param>
/// <param name="UnderWay">Of the tenant, with this one if it may go on.</param>
internal readonly record struct Counted(QuotaKind? Refused, TimeSpan Ahead, TimeSpan Wait, long UnderWay);
