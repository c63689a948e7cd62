using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>Bounds of all HTTP tools of this executor, <c>http_get</c> included.</summary>
internal sealed class HttpToolLimits
{
    public const string Section = "Tools:HttpLimits";

    /// <summary>Requests under way to one host and port; a slow server holds no more than these.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentPerHost { get; init; } = 32;

    /// <summary>Calls that wait for one of them; more are told to come later.</summary>
    [Range(0, 100_000)]
    public int MaxQueuedPerHost { get; init; } = 256;
}
