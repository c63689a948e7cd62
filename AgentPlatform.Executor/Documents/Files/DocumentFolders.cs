using AgentPlatform.Executor.Storage;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Documents.Files;

/// <summary>The folders of the configuration.</summary>
internal sealed class DocumentFolders(IOptions<DocumentOptions> options, IHostEnvironment environment)
{
    /// <summary>Folders are part of the installation, as agents are, and belong to the same tenant where they belong to none.</summary>
    public const string EveryTenant = AgentVersionEntity.PlatformTenant;

    public IReadOnlyList<DocumentFolder> All { get; } =
    [
        .. options.Value.Folders
            .Where(folder => !string.IsNullOrWhiteSpace(folder.Value))
            .OrderBy(folder => folder.Key, StringComparer.Ordinal)
            .Select(folder => new DocumentFolder(
                folder.Key, options.Value.Tenants.GetValueOrDefault(folder.Key, EveryTenant), Resolve(folder.Value, environment.ContentRootPath))),
    ];

    public IReadOnlyList<DocumentFolder> Of(string tenantId) => [.. All.Where(folder => folder.TenantId == EveryTenant || folder.TenantId == tenantId)];

    private static string Resolve(string path, string contentRoot)
    {
        var beside = Path.GetFullPath(path, contentRoot);
        return Path.TrimEndingDirectorySeparator(Directory.Exists(beside) ? beside : Path.GetFullPath(path, AppContext.BaseDirectory));
    }
}
