using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>How long a response may take: the API that it is asked for by has no word for it.</summary>
internal sealed class ResponseOptions
{
    public const string Section = "Responses";

    /// <summary>Of one that somebody waits for; after it the ladder answers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Of a background response.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan BackgroundTimeout { get; set; } = TimeSpan.FromMinutes(10);
}
