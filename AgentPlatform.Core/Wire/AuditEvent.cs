namespace AgentPlatform.Core.Wire;

/// <summary>Something somebody did that must be known afterwards.</summary>
/// <param name="Actor">The caller's name: <c>key:ID</c>, a token's subject, <c>command</c> for the executor's command line.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Target">What it was done to.</param>
public sealed record AuditEvent(Guid Id, DateTimeOffset At, string Actor, string Action, string? Target, string? TraceId);

/// <summary>A caller who was known and may not.</summary>
/// <param name="Target">Method and path, and the scope that was missing.</param>
public sealed record DeniedAccess(string TenantId, string Actor, string Target, string? TraceId);

/// <summary>What is audited.</summary>
public static class AuditActions
{
    public const string KeyCreated = "key_created";
    public const string KeyRevoked = "key_revoked";
    public const string ApprovalGiven = "approval_given";
    public const string ApprovalDenied = "approval_denied";
    public const string OutcomeRecorded = "outcome_recorded";
    public const string SessionDeleted = "session_deleted";
    public const string RunHidden = "run_hidden";
    public const string ToolAccepted = "tool_accepted";
    public const string AccessDenied = "access_denied";
    public const string TenantExported = "tenant_exported";
    public const string TenantRemovalBegun = "tenant_removal_begun";
    public const string TenantDeleted = "tenant_deleted";
}
