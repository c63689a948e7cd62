using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Leases;

/// <summary>Section <c>Lease</c>: how long an executor that says nothing still counts as alive.</summary>
internal sealed class LeaseOptions
{
    public const string Section = "Lease";

    /// <summary>With the scan for orphans this bounds how late a killed executor's runs go on.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Between renewals; a third of <see cref="Duration"/> leaves room for a lost one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RenewEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Rows of executors that ended are dropped this long after their lease.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromHours(1);
}
