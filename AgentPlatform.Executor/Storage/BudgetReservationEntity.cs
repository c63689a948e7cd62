namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>budget_reservations</c>: what is set aside for a run in one window; gone when the run is settled.</summary>
internal sealed class BudgetReservationEntity
{
    public required string TenantId { get; set; }
    public Guid RunId { get; set; }

    /// <summary>With the window's times: where it is set aside. Empty for the tenant's own budget.</summary>
    public required string SessionId { get; set; }
    public DateTimeOffset StartsAt { get; set; }
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>1, or 0 once it was given back because the run had not begun.</summary>
    public int Runs { get; set; }
    public long Tokens { get; set; }
    public decimal CostUsd { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}
