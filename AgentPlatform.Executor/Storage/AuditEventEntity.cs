namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>audit_events</c>: who did what. Nobody changes one; they go after their time, and with their tenant.</summary>
internal sealed class AuditEventEntity
{
    public required string TenantId { get; set; }

    /// <summary>UUIDv7: the order of ids is the order of time.</summary>
    public Guid EventId { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>The caller's name: <c>key:ID</c>, <c>sub:NAME</c>.</summary>
    public required string Actor { get; set; }
    public required string Action { get; set; }

    /// <summary>What it was done to.</summary>
    public string? Target { get; set; }
    public string? TraceId { get; set; }
}
