namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>documents</c>: a file that can be searched.</summary>
internal sealed class DocumentEntity
{
    /// <summary>Who may search it; folders of the installation that every tenant shares belong to <see cref="AgentVersionEntity.PlatformTenant"/>.</summary>
    public required string TenantId { get; set; }
    public required string Folder { get; set; }

    /// <summary>Below the folder, with slashes.</summary>
    public required string Path { get; set; }

    /// <summary>SHA-256 of the content, and of the way it is indexed.</summary>
    public required byte[] ContentHash { get; set; }

    /// <summary>How many rows of <c>document_chunks</c> it has.</summary>
    public int Chunks { get; set; }
    public DateTimeOffset IndexedAt { get; set; }
}
