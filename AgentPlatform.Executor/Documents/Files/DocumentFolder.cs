namespace AgentPlatform.Executor.Documents.Files;

/// <summary>A folder whose documents can be searched.</summary>
/// <param name="TenantId">Who may search it; <see cref="DocumentFolders.EveryTenant"/> for all.</param>
/// <param name="Path">Absolute.</param>
internal sealed record DocumentFolder(string Name, string TenantId, string Path);
