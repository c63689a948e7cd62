using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Tenants.Data;

/// <summary>Section <c>TenantData</c>: what an export and a removal may take.</summary>
internal sealed class TenantDataOptions
{
    public const string Section = "TenantData";

    /// <summary>Exports under way in this process: each holds one connection of <c>Storage:ApplicationPoolSize</c>. One more is refused.</summary>
    [Range(1, 100)]
    public int Exports { get; set; } = 2;

    /// <summary>An export that takes longer breaks off.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ExportWithin { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>An export whose reader takes nothing for so long breaks off.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ExportStall { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A removal that takes longer breaks off; asked for again it goes on.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RemoveWithin { get; set; } = TimeSpan.FromMinutes(30);
}
