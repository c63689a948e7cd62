namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>tool_outcomes</c>: what a person found out about a call that broke off. Written once.</summary>
internal sealed class ToolOutcomeEntity
{
    public required string TenantId { get; set; }
    public Guid RunId { get; set; }
    public required string CallId { get; set; }
    public bool Happened { get; set; }
    public string? Note { get; set; }

    /// <summary>Who found out.</summary>
    public string? DecidedBy { get; set; }
    public DateTimeOffset RecordedAt { get; set; }
}
