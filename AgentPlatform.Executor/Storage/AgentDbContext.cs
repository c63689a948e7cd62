using Microsoft.EntityFrameworkCore;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// The schema of <c>agentdb</c> and every query but the hot ones: appends, leases and cluster membership speak plain SQL
/// to the same tables. <c>tenant_id</c> comes first in the key of every table that holds tenants' data.
/// </summary>
internal sealed class AgentDbContext(DbContextOptions<AgentDbContext> options) : DbContext(options)
{
    /// <summary>For whom it asks; without one it sees nothing. Set by <see cref="TenantContexts"/>.</summary>
    public string? TenantId { get; set; }

    public DbSet<SessionEntity> Sessions => Set<SessionEntity>();

    public DbSet<RunEntity> Runs => Set<RunEntity>();

    public DbSet<RunEventsEntity> RunEvents => Set<RunEventsEntity>();

    public DbSet<AgentVersionEntity> AgentVersions => Set<AgentVersionEntity>();

    public DbSet<IdempotencyKeyEntity> IdempotencyKeys => Set<IdempotencyKeyEntity>();

    public DbSet<ToolOutcomeEntity> ToolOutcomes => Set<ToolOutcomeEntity>();

    public DbSet<BudgetWindowEntity> BudgetWindows => Set<BudgetWindowEntity>();

    public DbSet<BudgetReservationEntity> BudgetReservations => Set<BudgetReservationEntity>();

    public DbSet<ApiKeyEntity> ApiKeys => Set<ApiKeyEntity>();

    public DbSet<AuditEventEntity> AuditEvents => Set<AuditEventEntity>();

    public DbSet<ToolPinEntity> ToolPins => Set<ToolPinEntity>();

    public DbSet<DocumentEntity> Documents => Set<DocumentEntity>();

    public DbSet<DocumentChunkEntity> DocumentChunks => Set<DocumentChunkEntity>();

    public DbSet<ExecutorEntity> Executors => Set<ExecutorEntity>();

    public DbSet<ClusterSiloEntity> ClusterSilos => Set<ClusterSiloEntity>();

    public DbSet<ClusterVersionEntity> ClusterVersion => Set<ClusterVersionEntity>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<SessionEntity>(session =>
        {
            session.HasKey(row => new { row.TenantId, row.SessionId });
            session.Property(row => row.Metadata).HasColumnType("jsonb");
            session.Property(row => row.State).HasColumnType("jsonb");
            session.Property(row => row.SummaryTurns).HasDefaultValue(0);
            session.HasIndex(row => new { row.TenantId, row.UpdatedAt, row.SessionId });
        });

        modelBuilder.Entity<RunEntity>(run =>
        {
            // Run ids are UUIDv7: descending by key is newest first, so that listing needs no index of its own.
            run.HasKey(row => new { row.TenantId, row.RunId });
            run.Property(row => row.Metadata).HasColumnType("jsonb");
            run.Property(row => row.Brought).HasColumnType("jsonb");
            run.Property(row => row.HandedOver).HasColumnType("jsonb");
            run.HasIndex(row => new { row.TenantId, row.RequestHash, row.CreatedAt }).HasDatabaseName("ix_runs_request_hash").HasFilter("request_hash IS NOT NULL");
            run.Property(row => row.Told).HasColumnType("jsonb");
            run.Property(row => row.Hidden).HasDefaultValue(false);
            run.HasIndex(row => new { row.TenantId, row.SessionId, row.Turn })
                .IsUnique().HasFilter("session_id IS NOT NULL");
            run.HasIndex(row => row.Owner).HasDatabaseName("ix_runs_open_owner").HasFilter("finished_at IS NULL");
            run.HasIndex(row => row.ParkedUntil).HasDatabaseName("ix_runs_parked")
                .HasFilter("finished_at IS NULL AND parked_until IS NOT NULL");

            // For retention: runs of sessions go with their session, so only the others are found by age. Filled at the end of a run alone, and always
            // at its right edge.
            run.HasIndex(row => row.FinishedAt).HasDatabaseName("ix_runs_finished")
                .HasFilter("session_id IS NULL AND finished_at IS NOT NULL");
        });

        modelBuilder.Entity<RunEventsEntity>(events =>
        {
            events.HasKey(row => new { row.TenantId, row.RunId, row.FirstSeq });
            events.Property(row => row.Events).HasColumnType("jsonb");
        });

        modelBuilder.Entity<AgentVersionEntity>(version =>
        {
            version.HasKey(row => new { row.TenantId, row.Agent, row.Version });
            version.Property(row => row.Definition).HasColumnType("jsonb");
        });

        modelBuilder.Entity<IdempotencyKeyEntity>(key =>
        {
            key.HasKey(row => new { row.TenantId, row.Route, row.Key });
            key.HasIndex(row => row.CreatedAt);
            key.HasIndex(row => new { row.TenantId, row.RunId });
        });

        modelBuilder.Entity<ToolOutcomeEntity>().HasKey(row => new { row.TenantId, row.RunId, row.CallId });

        modelBuilder.Entity<BudgetWindowEntity>(window =>
        {
            window.HasKey(row => new { row.TenantId, row.SessionId, row.StartsAt, row.EndsAt });
            window.HasIndex(row => row.EndsAt);
        });

        modelBuilder.Entity<BudgetReservationEntity>().HasKey(row => new { row.TenantId, row.RunId, row.SessionId });

        modelBuilder.Entity<ApiKeyEntity>(key =>
        {
            key.HasKey(row => new { row.TenantId, row.KeyId });
            key.HasIndex(row => row.Hash).IsUnique();
        });

        modelBuilder.Entity<AuditEventEntity>(audit =>
        {
            audit.HasKey(row => new { row.TenantId, row.EventId });
            audit.HasIndex(row => row.At);
        });

        modelBuilder.Entity<ToolPinEntity>(pin =>
        {
            pin.HasKey(row => new { row.TenantId, row.Tool });
            pin.Property(row => row.Definition).HasColumnType("jsonb");
            pin.Property(row => row.Pending).HasColumnType("jsonb");
        });

        modelBuilder.Entity<DocumentEntity>().HasKey(row => new { row.TenantId, row.Folder, row.Path });

        modelBuilder.Entity<DocumentChunkEntity>(chunk =>
        {
            chunk.HasKey(row => new { row.TenantId, row.Folder, row.Path, row.Number });

            // Written in the background and read in a hurry: nothing is put off to the next search.
            chunk.HasIndex(row => row.Search).HasMethod("gin").HasStorageParameter("fastupdate", false);
        });

        modelBuilder.Entity<ExecutorEntity>().HasKey(row => row.Id);
        modelBuilder.Entity<ExecutorEntity>().Property(row => row.Id).ValueGeneratedNever();

        modelBuilder.Entity<ClusterSiloEntity>(silo =>
        {
            silo.HasKey(row => new { row.ClusterId, row.Silo });
            silo.Property(row => row.Entry).HasColumnType("jsonb");
        });

        modelBuilder.Entity<ClusterVersionEntity>().ToTable("cluster_version").HasKey(row => row.ClusterId);
    }
}
