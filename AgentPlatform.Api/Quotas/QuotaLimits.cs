namespace AgentPlatform.Api.Quotas;

/// <summary>What is not set is not limited.</summary>
internal class QuotaLimits
{
    /// <summary>Of each caller, per <see cref="Period"/>. A caller is an API key, or the subject of a token.</summary>
    public int? Requests { get; set; }

    /// <summary>In which <see cref="Requests"/> come back, evenly.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many of them may come at once, after a rest; all of them when it is not set.</summary>
    public int? Burst { get; set; }

    /// <summary>Requests of the tenant that are being answered at a time, by all API processes together.</summary>
    public int? Concurrent { get; set; }
}
