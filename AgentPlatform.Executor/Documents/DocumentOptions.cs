using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Documents;

/// <summary>Section <c>Documents</c>: which folders agents may search with <c>search_documents</c>.</summary>
internal sealed class DocumentOptions
{
    public const string Section = "Documents";

    /// <summary>The platform's own documentation.</summary>
    public const string Platform = "platform";

    /// <summary>
    /// Paths by name; relative to the content root, else to the program's own folder. An empty path turns a folder off, the platform's own included.
    /// </summary>
    public Dictionary<string, string> Folders { get; } = new(StringComparer.Ordinal) { [Platform] = "documents/platform" };

    /// <summary>Names of folders that one tenant alone may search, with the tenant's; the others are every tenant's.</summary>
    public Dictionary<string, string> Tenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Larger files are left out, with a warning.</summary>
    [Range(1_024, 64 * 1_024 * 1_024)]
    public int MaxFileBytes { get; init; } = 2 * 1_024 * 1_024;

    /// <summary>How often the folders are read again when no change is reported, as on network and mounted volumes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan RescanEvery { get; init; } = TimeSpan.FromMinutes(1);
}
