using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Agents;

/// <summary>Where the agents' files are.</summary>
internal sealed class AgentOptions
{
    public const string Section = "Agents";

    /// <summary>Folder of <c>*.yaml</c>; relative to the content root, else to the program's own folder.</summary>
    [Required]
    public string Directory { get; init; } = "agents";

    /// <summary>How often the folder is read again when no change is reported, as on network and mounted volumes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);
}
