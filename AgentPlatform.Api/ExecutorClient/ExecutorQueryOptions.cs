using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>How long the API waits for looking something up; section <c>ExecutorQueries</c>.</summary>
internal sealed class ExecutorQueryOptions
{
    public const string Section = "ExecutorQueries";

    /// <summary>From the first attempt to the last byte. The executor itself gives its database 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);
}
